// SPDX-License-Identifier: MIT
/* What every unit test includes: cmocka, and the headers that it wants before it. */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A struct str for a static table; NULs may stand in it. (A compound literal may not be there.) */
/* clang-format off */
#define TEXT(literal) {"" literal, sizeof(literal) - 1}
/* clang-format on */

#endif
