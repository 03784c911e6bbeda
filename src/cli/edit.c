// SPDX-License-Identifier: MIT
#include "cli/edit.h"

#include "cli/ask.h"
#include "cli/json.h"
#include "cli/progress.h"

#include <stdlib.h>

/** How the contract calls the column that says where an object's file is. */
#define PATH_COLUMN "_path"

static enum nexus_status read_one(char *word, struct assignments *assignments,
                                  struct nexus_error *err)
{
    char *equals = strchr(word, '=');
    size_t length = strlen(word);
    struct nexus_value value = {.property = word, .kind = NEXUS_VALUE_NONE};
    if (equals) {
        *equals = '\0';
        value.kind = NEXUS_VALUE_WORD;
        value.text = equals + 1;
        value.length = strlen(value.text);
    } else if (length > 1 && word[length - 1] == '!') {
        word[length - 1] = '\0';
    } else {
        return fail(err, NEXUS_ERROR_ARGUMENT,
                    "'%s' says nothing: it is property=value, or property! to remove it", word);
    }
    if (!*word)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a property needs a name in front of the '='");
    if (strcmp(word, PATH_COLUMN) == 0) {
        if (!equals || !value.length)
            return fail(err, NEXUS_ERROR_ARGUMENT, "a file needs a path");
        assignments->path = value.text;
        return NEXUS_OK;
    }
    assignments->values[assignments->count++] = value;
    return NEXUS_OK;
}

enum nexus_status assignments_read(const char *const *words, int count,
                                   struct assignments *assignments, struct nexus_error *err)
{
    size_t size = 1;
    for (int i = 0; i < count; i++)
        size += strlen(words[i]) + 1;
    assignments->texts = malloc(size);
    assignments->values = calloc((size_t)count + 1, sizeof *assignments->values);
    if (!assignments->texts || !assignments->values)
        return fail_no_memory(err);
    char *at = assignments->texts;
    for (int i = 0; i < count; i++) {
        size_t length = strlen(words[i]) + 1;
        memcpy(at, words[i], length);
        TRY(read_one(at, assignments, err));
        at += length;
    }
    return NEXUS_OK;
}

void assignments_finish(struct assignments *assignments)
{
    free(assignments->values);
    free(assignments->texts);
}

static const char *state_name(enum nexus_edit_state state)
{
    switch (state) {
    case NEXUS_EDIT_WRITTEN: return "written";
    case NEXUS_EDIT_UNCHANGED: return "unchanged";
    case NEXUS_EDIT_WAITING: return "waiting";
    case NEXUS_EDIT_HELD: return "held";
    case NEXUS_EDIT_REFUSED: break;
    }
    return "refused";
}

static void add_text_or_null(struct json *json, const char *key, const char *text)
{
    if (text)
        json_text(json, key, str_of(text));
    else
        json_null(json, key);
}

static enum nexus_status print_json(struct invocation *call, int64_t id,
                                    const struct edit_words *words,
                                    const struct nexus_edit_outcome *outcome,
                                    struct nexus_error *err)
{
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    if (id)
        json_integer(&json, "id", id);
    else
        json_null(&json, "id");
    add_text_or_null(&json, "path", outcome->path ? outcome->path : words->path);
    json_text(&json, "outcome", str_of(state_name(outcome->state)));
    add_text_or_null(&json, "reason", outcome->reason);
    if (outcome->conflict_id)
        json_integer(&json, "conflict", outcome->conflict_id);
    else
        json_null(&json, "conflict");
    json_end(&json);
    return json_finish(&json, err);
}

static void print_text(struct invocation *call, const struct edit_words *words,
                       const struct nexus_edit_outcome *outcome)
{
    struct output *out = outcome->state == NEXUS_EDIT_REFUSED ? &call->notes : &call->out;
    const char *path = outcome->path ? outcome->path : words->path ? words->path : words->name;
    if (outcome->state == NEXUS_EDIT_REFUSED)
        output_text(out, "nexus: ");
    if (path) {
        output_line_of(out, str_of(path), STYLE_NAME);
        output_text(out, ": ");
    }
    switch (outcome->state) {
    case NEXUS_EDIT_WRITTEN: output_text(out, words->done); break;
    case NEXUS_EDIT_UNCHANGED:
        output_text(out, outcome->conflict_id ? "the file's version stays" : "nothing changed");
        break;
    case NEXUS_EDIT_WAITING: output_text(out, "waits to be written"); break;
    case NEXUS_EDIT_HELD:
        output_text(out, "is held, for 'nexus apply' or 'nexus discard' to decide");
        break;
    case NEXUS_EDIT_REFUSED: output_text(out, "refused"); break;
    }
    if (outcome->reason) {
        output_text(out, ": ");
        output_line_of(out, str_of(outcome->reason), STYLE_PLAIN);
    }
    output_text(out, "\n");
    if (outcome->conflict_id)
        output_format(&call->notes,
                      "nexus: the file was changed at the same time: conflict %lld, won by the "
                      "%s (see 'nexus conflicts')\n",
                      (long long)outcome->conflict_id, outcome->has_file_won ? "file" : "database");
}

static enum nexus_status tell(struct invocation *call, int64_t id, const struct edit_words *words,
                              const struct nexus_edit_outcome *outcome, struct nexus_error *err)
{
    if (outcome->state == NEXUS_EDIT_REFUSED || outcome->conflict_id)
        call->exit_code = EXIT_FOUND;
    if (call->form == FORM_JSON)
        return print_json(call, id, words, outcome, err);
    print_text(call, words, outcome);
    return NEXUS_OK;
}

/** What schema or permission said at once is a result, not a failure. */
static enum nexus_status tell_refusal(struct invocation *call, const struct edit_words *words,
                                      const char *message, struct nexus_error *err)
{
    STRBUF_SCOPED reason = {0};
    strbuf_add_text(&reason, message);
    if (reason.failed)
        return fail_no_memory(err);
    struct nexus_edit_outcome outcome = {.state = NEXUS_EDIT_REFUSED, .reason = reason.at};
    return tell(call, 0, words, &outcome, err);
}

static enum nexus_status act_and_tell(struct invocation *call, struct nexus_vault *vault,
                                      edit_act *act, void *context, const struct edit_words *words,
                                      struct nexus_error *err)
{
    struct nexus_edit edit;
    struct nexus_edit_outcome outcome;
    struct nexus_sync_report report;
    struct nexus_error reason = {0};
    enum nexus_status status = act(vault, context, &edit, &reason);
    if (status == NEXUS_ERROR_REFUSED || status == NEXUS_ERROR_NOT_FOUND)
        return tell_refusal(call, words, reason.message, err);
    if (status != NEXUS_OK)
        return fail(err, status, "%s", reason.message);
    TRY(progress_sync(call, call->vault_path, 0, &report, err));
    TRY(nexus_edit_outcome(vault, &edit, &outcome, err));
    status = tell(call, edit.object_id, words, &outcome, err);
    nexus_edit_outcome_finish(&outcome);
    return status;
}

enum nexus_status edit_run(struct invocation *call, edit_act *act, void *context,
                           const struct edit_words *words, struct nexus_error *err)
{
    struct nexus_vault *vault;
    struct nexus_sync_report report;
    TRY(progress_sync(call, call->vault_path, 0, &report, err));
    TRY(nexus_vault_open(call->vault_path, &vault, err));
    enum nexus_status status = act_and_tell(call, vault, act, context, words, err);
    nexus_vault_close(vault);
    return status;
}
