// SPDX-License-Identifier: MIT
/* URIs as identifiers (RFC 3986): split, resolve against a base, write in one form. Nothing is
 * fetched. */
#ifndef VALIDATE_URI_H
#define VALIDATE_URI_H

#include "base/arena.h"

struct uri {
    struct str scheme, authority, path, query, fragment; /* without their marks */
    bool has_scheme, has_authority, has_query, has_fragment;
};

/** Any text is split; borrowed. */
struct uri uri_split(struct str text);

/** `reference` seen from `base` (section 5.2), without its fragment and with scheme and host in
 * lower case. `ret_fragment` (NULL allowed) is the reference's fragment as written, borrowed. */
struct str uri_resolve(struct arena *arena, struct str base, struct str reference,
                       struct str *ret_fragment);

/** Turns %41 into A; a '%' without two hexadecimal digits stays. */
struct str uri_decode(struct arena *arena, struct str text);

#endif
