// SPDX-License-Identifier: MIT
/* A note: front matter, and the text below it. */
#ifndef WRITEBACK_BODY_H
#define WRITEBACK_BODY_H

#include "writeback/value.h"

/** Makes a note say what the wanted object says, its body included. */
enum nexus_status body_patch_note(const struct job *job, uint32_t wanted);

/** The text of the wanted object's body, empty when it has none. NEXUS_ERROR_REFUSED when it can be
 * no note's body. */
enum nexus_status body_text(const struct tape *wanted, uint32_t object, struct str name,
                            struct str *ret_text, struct nexus_error *err);

/** Whether a file that begins with this text would have front matter or a byte order mark, so that
 * it can be a body only below front matter. */
bool body_needs_fence(struct str text);

/** Adds `---`, all members but the body, `---`, each on a line of its own. */
void body_add_front_matter(struct strbuf *out, struct patch_value wanted, struct str body,
                           struct str eol);

#endif
