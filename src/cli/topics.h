// SPDX-License-Identifier: MIT
/*
 * What the help tells beside the commands: one text a topic, in cli/topics/. Its lines that begin
 * with a blank are kept as they are; those with four blanks are commands or SQL, and hold in the
 * example vault one after another: a test runs them.
 */
#ifndef CLI_TOPICS_H
#define CLI_TOPICS_H

#include "base/str.h"

struct topic {
    const char *name, *summary;
};
/** The last one has no name. */
extern const struct topic topics[];

/** NULL: there is none of that name. */
const struct topic *topic_find(const char *name);
struct str topic_text(const struct topic *topic);

#endif
