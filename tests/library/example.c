// SPDX-License-Identifier: MIT
/* A list of what is to be done, kept in a vault: example DIR. */
#include <nexus/edit.h>
#include <nexus/permission.h>
#include <nexus/schema.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct nexus_error err;
#define DO(call) ((call) == NEXUS_OK ? (void)0 : (fprintf(stderr, "%s\n", err.message), exit(1)))

static const char schema[] =
    "{\"type\": \"object\", \"required\": [\"title\"], \"properties\": {"
    " \"title\": {\"type\": \"string\"}, \"done\": {\"type\": \"boolean\"}}, \"x-nexus\": {"
    " \"layout\": \"markdown\", \"files\": [\"jobs/*.md\"], \"new_file\": "
    "\"jobs/{title:slug}.md\"}}";

static void print(struct nexus_vault *vault, const char *sql)
{
    struct nexus_reader *reader;
    struct nexus_rows *rows;
    bool more;
    DO(nexus_reader_open_as(nexus_vault_path(vault), NEXUS_AI, &reader,
                            &err)); /* what an AI sees */
    DO(nexus_query(reader, sql, &rows, &err));
    for (DO(nexus_rows_next(rows, &more, &err)); more; DO(nexus_rows_next(rows, &more, &err)))
        printf("%s\n", nexus_rows_text(rows, 0, NULL));
    nexus_rows_close(rows);
    nexus_reader_close(reader);
}

int main(int argc, char **argv)
{
    struct nexus_vault *vault;
    struct nexus_schema_report report;
    struct nexus_edit edit;
    struct nexus_value title = {"title", NEXUS_VALUE_TEXT, "Mend the gate", 13, 0, 0};
    struct nexus_value done = {"done", NEXUS_VALUE_BOOLEAN, NULL, 0, 1, 0};
    struct nexus_permission_change share = {NEXUS_ON, NEXUS_KEEP, NEXUS_KEEP,
                                            "2099-01-01T00:00:00Z"};
    if (argc != 2 || (nexus_vault_init(argv[1], &err) && err.status != NEXUS_ERROR_EXISTS))
        return 2;
    DO(nexus_vault_open(argv[1], &vault, &err));
    DO(nexus_sync(vault, 0, NULL, NULL, NULL, &err)); /* what is in the folder already */
    DO(nexus_schema_add(vault, "app.job", schema, strlen(schema), 0, NULL, NULL, &report, &err));
    DO(nexus_object_create(vault, "app.job", NULL, &title, 1, &edit, &err));
    DO(nexus_sync(vault, 0, NULL, NULL, NULL, &err)); /* now it is jobs/mend-the-gate.md */
    DO(nexus_permit(vault, &edit.object_id, 1, &share, NULL, &err));
    DO(nexus_object_set(vault, edit.object_id, NULL, &done, 1, &edit, &err));
    DO(nexus_sync(vault, 0, NULL, NULL, NULL, &err));
    print(vault, "SELECT path || ': ' || title FROM objects");
    print(vault,
          "SELECT op || ' by ' || origin FROM changes ORDER BY seq"); /* since it is shared */
    DO(nexus_object_remove(vault, edit.object_id, &edit, &err));
    DO(nexus_sync(vault, 0, NULL, NULL, NULL, &err)); /* its file is in the trash */
    nexus_vault_close(vault);
    return 0;
}
