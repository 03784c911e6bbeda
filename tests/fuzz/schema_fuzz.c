// SPDX-License-Identifier: MIT
/* Two JSON texts with a NUL byte between them: a schema and a document. Any schema compiles or says
 * why not, and the fast verdict is the explained one. */
#include "fuzz.h"
#include "parse/json.h"
#include "validate/schema.h"

#define URI STR("fuzz:schema")

static void judge(const struct schema *schema, struct str document, struct arena *arena)
{
    struct problem_list problems;
    problem_list_init(&problems, arena);
    struct schema_run *run = schema_run_new();
    struct tape tape;
    tape_init(&tape);
    if (json_scan(document, &tape, NULL)) {
        bool accepted = schema_accepts(schema, &tape, 0, run);
        PROMISE(accepted == schema_explain(schema, &tape, 0, run, &problems));
        PROMISE(accepted == !problems.has_error);
    }
    tape_finish(&tape);
    schema_run_free(run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    size_t end = str_find(text, '\0');
    struct str document = end == STR_NONE ? STR("null") : str_slice(text, end + 1, size);
    struct arena arena = {0};
    struct problem_list problems;
    problem_list_init(&problems, &arena);
    struct schema_set *set = schema_set_new(json_scan);
    struct schema *schema = NULL;
    enum nexus_status status =
        schema_set_add(set, URI, str_slice(text, 0, end), DRAFT_2020, &problems, NULL);
    if (status == NEXUS_OK)
        status = schema_compile(set, URI, 0, &schema, &problems, NULL);
    PROMISE(status == NEXUS_OK || problems.has_error || status == NEXUS_ERROR_LIMIT);
    if (status == NEXUS_OK)
        judge(schema, document, &arena);
    schema_free(schema);
    schema_set_free(set);
    arena_finish(&arena);
    return 0;
}
