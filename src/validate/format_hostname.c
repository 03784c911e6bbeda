// SPDX-License-Identifier: MIT
/*
 * Host names: labels of letters, digits and hyphens between dots (RFC 1123, section 2.1), or of
 * other scripts (RFC 5890). A dot at the end is not part of the name.
 */
#include "validate/format_idna.h"
#include "validate/format_rules.h"

#include <strings.h>

/* RFC 1035, section 2.3.4, without the length byte of the first label and the root's. */
#define NAME_MAX_LENGTH 253u

enum name_kind {
    NAME_ASCII,         /* hostname */
    NAME_INTERNATIONAL, /* idn-hostname */
    NAME_EMAIL,         /* the domain of an idn-email */
};

static bool is_ascii(struct str label)
{
    for (size_t i = 0; i < label.length; i++)
        if ((unsigned char)label.at[i] >= 0x80)
            return false;
    return true;
}

static bool is_ldh_label(struct str label)
{
    if (!label.length || label.length > LABEL_MAX || label.at[0] == '-' ||
        label.at[label.length - 1] == '-')
        return false;
    for (size_t i = 0; i < label.length; i++)
        if (!is_letter(label.at[i]) && !is_digit(label.at[i]) && label.at[i] != '-')
            return false;
    return true;
}

/** "--" in the third and fourth place belongs to encodings (RFC 5890, section 2.3.1). */
static bool is_reserved(struct str label)
{
    return label.length >= 4 && label.at[2] == '-' && label.at[3] == '-';
}

static bool add_label(struct idna_name *name, struct str label, enum name_kind kind)
{
    if (!is_ascii(label))
        return kind != NAME_ASCII &&
               idna_add_label(name, label, kind == NAME_EMAIL ? LABEL_UNNORMALIZED : LABEL_STRICT);
    if (!is_ldh_label(label))
        return false;
    if (is_reserved(label) && strncasecmp(label.at, "xn", 2) == 0)
        return idna_add_label(name, label, LABEL_STRICT);
    idna_add_ascii_label(name, label);
    return kind == NAME_ASCII || !is_reserved(label);
}

/** The length of the dot here, or 0. IDNA knows three more of them (RFC 3490, section 3.1). */
static size_t dot_length(struct str rest, enum name_kind kind)
{
    static const char *const others[] = {"\xE3\x80\x82", "\xEF\xBC\x8E", "\xEF\xBD\xA1"};
    if (rest.at[0] == '.')
        return 1;
    for (size_t i = 0; kind == NAME_INTERNATIONAL && i < 3; i++)
        if (str_starts_with(rest, str_of(others[i])))
            return strlen(others[i]);
    return 0;
}

static bool is_name(struct str value, enum name_kind kind)
{
    struct idna_name name = {0};
    size_t start = 0, at = 0;
    while (at < value.length) {
        size_t dot = dot_length(str_slice(value, at, value.length), kind);
        if (dot) {
            if (!add_label(&name, str_slice(value, start, at), kind))
                return false;
            name.length++;
            start = at + dot;
        }
        at += dot ? dot : 1;
        if (name.length > NAME_MAX_LENGTH)
            return false;
    }
    return add_label(&name, str_slice(value, start, value.length), kind) &&
           name.length <= NAME_MAX_LENGTH && !(name.has_right_to_left && name.breaks_bidi_rule);
}

bool format_is_hostname(struct str value)
{
    return is_name(value, NAME_ASCII);
}

bool format_is_idn_hostname(struct str value)
{
    return is_name(value, NAME_INTERNATIONAL);
}

bool format_is_email_domain(struct str value)
{
    return is_name(value, NAME_EMAIL);
}
