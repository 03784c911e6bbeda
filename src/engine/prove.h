// SPDX-License-Identifier: MIT
/*
 * Whether a patch does what it was asked for, and nothing else: told by reading the patched bytes
 * again, whatever the patch thinks of itself. What cannot be proven is not written.
 */
#ifndef ENGINE_PROVE_H
#define ENGINE_PROVE_H

#include "parse/document.h"
#include "writeback/patch.h"

/** The document as the source of a patch. `body` is the name of a note's body, which
 * document_add_body() has added; not looked at for JSON. The document stays as it is while the
 * patch is used. */
struct patch_source patch_source_of(const struct document *document, struct str body);

/** Proves a closed patch of `before`. NEXUS_OK when `patched`, parsed again, holds every object
 * that the patch was asked for, exactly, and all else as it was, keys in their order; when the
 * bytes outside the edits are the same; and when the front matter is cut where it was. Else
 * NEXUS_ERROR_REFUSED, with what is wrong. A note without the body that was left out of the wanted
 * object has an empty one. */
enum nexus_status prove_patch(const struct document *before, const struct patch *patch,
                              struct str patched, struct nexus_error *err);

#endif
