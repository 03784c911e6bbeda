// SPDX-License-Identifier: MIT
/* Text that is not UTF-8: every format reads nothing else. Nor does any text hold a NUL byte, and a
 * file full of them is what a crash or a full disk leaves: it must not count as a note. */
#ifndef PARSE_ENCODING_H
#define PARSE_ENCODING_H

#include "model/problem.h"

/** True when all of `source` is UTF-8 without NUL; else the first byte that is not is reported. */
bool encoding_check(struct str source, struct problem_list *problems);

/** Reports that the byte at `offset` breaks the encoding, with a guess at what the file is instead.
 *  `problems` may be NULL. */
void encoding_report(struct str source, size_t offset, struct problem_list *problems);

#endif
