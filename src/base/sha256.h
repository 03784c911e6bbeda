// SPDX-License-Identifier: MIT
/* SHA-256 (FIPS 180-4), where somebody may want two texts to have one hash: hash.h protects against
 * nobody. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/str.h"

enum { SHA256_TEXT_SIZE = 65 };
/** 64 lower-case hexadecimal digits and a NUL. Returns `text`. */
const char *sha256_of(struct str bytes, char text[SHA256_TEXT_SIZE]);

#endif
