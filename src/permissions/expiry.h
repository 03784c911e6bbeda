// SPDX-License-Identifier: MIT
/* When sharing ends: what people write, and what is kept. */
#ifndef PERMISSIONS_EXPIRY_H
#define PERMISSIONS_EXPIRY_H

#include "base/error.h"
#include "base/time.h"

/** Reads an RFC 3339 date-time of any zone, and writes it as it is kept: in UTC with milliseconds,
 *  what is finer cut off, so that nothing is shared longer. Anything else is
 *  NEXUS_ERROR_ARGUMENT: a time without a zone could mean two things. */
enum nexus_status expiry_normalise(struct str text, char normal[TIME_TEXT_SIZE],
                                   struct nexus_error *err);

#endif
