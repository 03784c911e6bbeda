// SPDX-License-Identifier: MIT
#include "validate/format_idna.h"

#include "base/unicode.h"
#include "base/utf8.h"

#include <idn2.h>
#include <strings.h>

/* Room for a label's characters in UTF-8, and a NUL. */
#define LABEL_BYTES (LABEL_MAX * 4 + 1)

static bool may_be_in_right_to_left(enum unicode_direction direction)
{
    return direction != DIRECTION_LEFT_TO_RIGHT && direction != DIRECTION_OTHER;
}

static bool may_be_in_left_to_right(enum unicode_direction direction)
{
    return direction == DIRECTION_LEFT_TO_RIGHT || direction == DIRECTION_EUROPEAN_NUMBER ||
           direction == DIRECTION_MARK || direction == DIRECTION_NEUTRAL;
}

/** May it be the last character of a label, but for marks behind it? */
static bool may_end(enum unicode_direction direction, bool right_to_left)
{
    return direction == DIRECTION_EUROPEAN_NUMBER ||
           (right_to_left
                ? direction == DIRECTION_RIGHT_TO_LEFT || direction == DIRECTION_ARABIC_NUMBER
                : direction == DIRECTION_LEFT_TO_RIGHT);
}

/** The six conditions of RFC 5893, section 2. */
static bool keeps_bidi_rule(struct str label)
{
    size_t at = 0;
    enum unicode_direction first = unicode_direction(utf8_next(label, &at));
    bool right_to_left = first == DIRECTION_RIGHT_TO_LEFT;
    if (!right_to_left && first != DIRECTION_LEFT_TO_RIGHT)
        return false;
    bool european = false, arabic = false;
    enum unicode_direction last = first;
    while (at < label.length) {
        enum unicode_direction next = unicode_direction(utf8_next(label, &at));
        if (right_to_left ? !may_be_in_right_to_left(next) : !may_be_in_left_to_right(next))
            return false;
        european = european || next == DIRECTION_EUROPEAN_NUMBER;
        arabic = arabic || next == DIRECTION_ARABIC_NUMBER;
        if (next != DIRECTION_MARK)
            last = next;
    }
    return may_end(last, right_to_left) && !(right_to_left && european && arabic);
}

static bool has_right_to_left(struct str label)
{
    for (size_t at = 0; at < label.length;) {
        enum unicode_direction direction = unicode_direction(utf8_next(label, &at));
        if (direction == DIRECTION_RIGHT_TO_LEFT || direction == DIRECTION_ARABIC_NUMBER)
            return true;
    }
    return false;
}

static void add_directions(struct idna_name *name, struct str label)
{
    name->has_right_to_left = name->has_right_to_left || has_right_to_left(label);
    name->breaks_bidi_rule = name->breaks_bidi_rule || !keeps_bidi_rule(label);
}

/** The label's ASCII form, to be freed with idn2_free(); NULL when no registry would take the
 * label. */
static char *to_ascii(const char *label, enum label_form form)
{
    uint8_t *normalized = NULL, *registered = NULL;
    if (strncasecmp(label, "xn--", 4) == 0)
        idn2_register_u8(NULL, (const uint8_t *)label, &registered, 0);
    else if (form == LABEL_STRICT)
        idn2_register_u8((const uint8_t *)label, NULL, &registered, 0);
    else if (idn2_lookup_u8((const uint8_t *)label, &normalized, IDN2_NFC_INPUT | IDN2_NO_TR46) ==
             IDN2_OK)
        idn2_register_u8(NULL, normalized, &registered, 0);
    idn2_free(normalized);
    return (char *)registered;
}

/** A NUL-terminated copy with ASCII in lower case: "XN--" and "xn--" are the same. */
static bool copy_label(struct str label, char bytes[LABEL_BYTES])
{
    if (label.length >= LABEL_BYTES || str_find(label, '\0') != STR_NONE ||
        utf8_find_invalid(label) != STR_NONE)
        return false;
    bool punycode = str_starts_with(label, STR("xn--")) || str_starts_with(label, STR("XN--")) ||
                    str_starts_with(label, STR("Xn--")) || str_starts_with(label, STR("xN--"));
    for (size_t i = 0; i < label.length; i++) {
        char c = label.at[i];
        bytes[i] = punycode && c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    bytes[label.length] = '\0';
    return true;
}

bool idna_add_label(struct idna_name *name, struct str label, enum label_form form)
{
    char bytes[LABEL_BYTES];
    if (!copy_label(label, bytes))
        return false;
    char *ascii = to_ascii(bytes, form);
    char *unicode = NULL;
    bool fine = ascii && idn2_to_unicode_8z8z(ascii, &unicode, 0) == IDN2_OK && unicode;
    if (fine) {
        name->length += strlen(ascii);
        add_directions(name, str_of(unicode));
    }
    idn2_free(unicode);
    idn2_free(ascii);
    return fine;
}

void idna_add_ascii_label(struct idna_name *name, struct str label)
{
    name->length += label.length;
    /* All are letters, digits and hyphens inside: only a digit in front can break the rule. */
    name->breaks_bidi_rule = name->breaks_bidi_rule || (label.at[0] >= '0' && label.at[0] <= '9');
}
