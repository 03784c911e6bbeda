// SPDX-License-Identifier: MIT
/* Why a conflict ended as it did, in words for the person who lost it. */
#ifndef SYNC_WHY_H
#define SYNC_WHY_H

#include "base/strbuf.h"
#include "sync/plan.h"

/** Appends "the file is newer by 3 s", or what else decided between the two sides; `action` is what
 * plan() made of the input. */
void why_add(const struct plan_input *input, enum plan_action action, struct strbuf *out);

#endif
