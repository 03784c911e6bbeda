// SPDX-License-Identifier: MIT
/* A job is kept as a note in the vault DIR, and shared with an AI: example DIR. */
#include <nexus/edit.h>
#include <nexus/feed.h>
#include <nexus/permission.h>
#include <nexus/schema.h>
#include <stdio.h>
#include <stdlib.h>

static struct nexus_error err;
#define DO(call) ((call) == NEXUS_OK ? (void)0 : (fprintf(stderr, "%s\n", err.message), exit(1)))
#define SYNC(vault) DO(nexus_sync(vault, 0, NULL, NULL, NULL, &err)) /* both ways, once */
static const char schema[] =
    "{\"required\": [\"title\"], \"x-nexus\": {\"layout\": \"markdown\","
    " \"files\": [\"jobs/*.md\"], \"new_file\": \"jobs/{title:slug}.md\"}}";

int main(int argc, char **argv)
{
    struct nexus_value title = {"title", NEXUS_VALUE_TEXT, "Mend the gate", 13, 0, 0};
    struct nexus_value done = {"done", NEXUS_VALUE_BOOLEAN, NULL, 0, 1, 0};
    struct nexus_permission_change share = {NEXUS_ON, NEXUS_KEEP, NEXUS_KEEP, NULL};
    struct nexus_vault *vault;
    struct nexus_feed *feed;
    struct nexus_change change;
    struct nexus_edit job;
    struct nexus_reader *ai;
    struct nexus_rows *rows;
    bool more;
    if (argc != 2 || (nexus_vault_init(argv[1], &err) && err.status != NEXUS_ERROR_EXISTS))
        return 2;
    DO(nexus_vault_open(argv[1], &vault, &err));
    DO(nexus_schema_add(vault, "app.job", schema, sizeof schema - 1, 0, NULL, NULL, NULL, &err));
    SYNC(vault);
    DO(nexus_feed_open(argv[1], NEXUS_FEED_FROM_NOW, &feed, &err));
    DO(nexus_object_create(vault, "app.job", NULL, &title, 1, &job, &err));
    SYNC(vault); /* now it is jobs/mend-the-gate.md */
    DO(nexus_permit(vault, &job.object_id, 1, &share, NULL, &err));
    DO(nexus_object_set(vault, job.object_id, NULL, &done, 1, &job, &err));
    SYNC(vault);
    DO(nexus_reader_open_as(argv[1], NEXUS_AI, &ai, &err)); /* it sees what is shared with it */
    DO(nexus_query(ai, "SELECT title FROM objects", &rows, &err));
    while (DO(nexus_rows_next(rows, &more, &err)), more)
        printf("an AI sees: %s\n", nexus_rows_text(rows, 0, NULL));
    nexus_rows_close(rows);
    nexus_reader_close(ai);
    DO(nexus_object_remove(vault, job.object_id, &job, &err));
    SYNC(vault); /* the file is in the trash, and says that it is done */
    while (DO(nexus_feed_next(feed, 0, &change, &more, &err)), more) /* -1 in place of 0 waits */
        printf("%s by %s: %s\n", change.op, change.origin, change.path ? change.path : "(new)");
    nexus_feed_close(feed);
    nexus_vault_close(vault);
    return 0;
}
