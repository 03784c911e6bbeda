// SPDX-License-Identifier: MIT
/* What a property's schema says of the values of its column. */
#ifndef VALIDATE_COLUMNS_H
#define VALIDATE_COLUMNS_H

#include "model/binding.h"
#include "model/tape.h"

/** Reads it from the schema at `index`; texts are in the arena. Nothing is asked of the column
 * where it refers to another schema. */
void column_read(const struct tape *schema, uint32_t index, struct arena *arena,
                 struct binding_column *column);

#endif
