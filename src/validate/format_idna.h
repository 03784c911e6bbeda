// SPDX-License-Identifier: MIT
/* Internationalized host names (IDNA2008: RFC 5890 to 5893). The only door to libidn2. */
#ifndef VALIDATE_FORMAT_IDNA_H
#define VALIDATE_FORMAT_IDNA_H

#include "base/str.h"

/* A label has at most 63 characters in its ASCII form (RFC 1034, section 3.1), and so at most that
 * many in any other. */
#define LABEL_MAX 63u

enum label_form {
    LABEL_STRICT,       /* as a registry wants it */
    LABEL_UNNORMALIZED, /* may be in another form than NFC */
};

/* What the labels of one name add up to. The zero value is a name without labels. */
struct idna_name {
    size_t length;          /* of the ASCII form, dots included */
    bool has_right_to_left; /* some label has: then the whole name is a "Bidi domain name" … */
    bool breaks_bidi_rule;  /* … and none may break RFC 5893, section 2 */
};

/** Judges a label that is not plain ASCII, or starts with "xn--", and adds it to the name. */
bool idna_add_label(struct idna_name *name, struct str label, enum label_form form);

/** As above, for a label of ASCII letters, digits and hyphens that is fine already. */
void idna_add_ascii_label(struct idna_name *name, struct str label);

#endif
