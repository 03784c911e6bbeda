// SPDX-License-Identifier: MIT
#include "cli/topics.h"

#include "base/embed.h"
#include "base/strbuf.h"

#include <string.h>

const struct topic topics[] = {
    {"files", "which files are objects, and what their schemas say"},
    {"sql", "tables and views, and questions and edits in SQL"},
    {"following", "when a change is taken in, and by whom"},
    {"collisions", "when both sides were changed"},
    {"sharing", "what an AI or a cloud may see, and what is read-only"},
    {"recovery", "when something breaks, and backups"},
    {"library", "other programs on the same vault"},
    {0},
};

const struct topic *topic_find(const char *name)
{
    for (const struct topic *topic = topics; topic->name; topic++)
        if (strcmp(topic->name, name) == 0)
            return topic;
    return NULL;
}

/** Without its first line, the licence. */
struct str topic_text(const struct topic *topic)
{
    STRBUF_SCOPED path = {0};
    strbuf_addf(&path, "src/cli/topics/%s.txt", topic->name);
    struct str text = path.failed ? STR("") : embedded_text(path.at);
    return str_slice(text, str_find(text, '\n') + 1, text.length);
}
