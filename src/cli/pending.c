// SPDX-License-Identifier: MIT
#include "base/diff.h"
#include "cli/census.h"
#include "cli/commands.h"
#include "cli/json.h"

#include <nexus/pending.h>

/** The list while it is printed. */
struct listing {
    struct invocation *call;
    struct json *json; /* NULL: text */
    uint64_t held, waiting;
    struct strbuf diff;
};

static const char *change_name(enum nexus_pending_change change)
{
    switch (change) {
    case NEXUS_PENDING_NOTHING: break;
    case NEXUS_PENDING_CREATE: return "create";
    case NEXUS_PENDING_UPDATE: return "update";
    case NEXUS_PENDING_DELETE: return "delete";
    }
    return "nothing";
}

static struct str state_name(enum nexus_pending_state state)
{
    return state == NEXUS_PENDING_HELD ? STR("held") : STR("waiting");
}

static struct str before_of(const struct nexus_pending_file *file)
{
    return (struct str){file->before, file->before ? file->before_length : 0};
}

static struct str after_of(const struct nexus_pending_file *file)
{
    return (struct str){file->after, file->after ? file->after_length : 0};
}

static void print_bytes(struct listing *listing, const struct nexus_pending_file *file)
{
    struct output *out = &listing->call->out;
    const char *from = file->moved_from ? file->moved_from : file->path;
    strbuf_reset(&listing->diff);
    diff_add(before_of(file), after_of(file), &listing->diff);
    if (!listing->diff.length)
        return;
    output_text(out, file->before ? "--- a/" : "--- /dev/null");
    output_line_of(out, str_of(file->before ? from : ""), STYLE_PLAIN);
    output_text(out, file->after ? "\n+++ b/" : "\n+++ /dev/null");
    output_line_of(out, str_of(file->after ? file->path : ""), STYLE_PLAIN);
    output_text(out, "\n");
    output_data(out, strbuf_str(&listing->diff));
}

static void print_file(struct listing *listing, const struct nexus_pending_file *file)
{
    static const char *const verbs[] = {
        [NEXUS_PENDING_NOTHING] = "the file stays as it is",
        [NEXUS_PENDING_CREATE] = "the file will be made",
        [NEXUS_PENDING_UPDATE] = "the file will be changed",
        [NEXUS_PENDING_DELETE] = "the file will go to the trash",
    };
    struct output *out = &listing->call->out;
    output_line_of(out, state_name(file->state), STYLE_WARNING);
    output_text(out, ": ");
    output_line_of(out, *file->path ? str_of(file->path) : STR("(no path yet)"), STYLE_NAME);
    output_format(out, ": %s", verbs[file->change]);
    if (file->moved_from) {
        output_text(out, ", moved from ");
        output_line_of(out, str_of(file->moved_from), STYLE_NAME);
    }
    if (file->conflicts)
        output_text(out, ", and was changed itself: a conflict");
    if (file->refused)
        output_format(out, ", %llu of %llu rows will be taken back",
                      (unsigned long long)file->refused, (unsigned long long)file->rows);
    if (file->reason) {
        output_text(out, ": ");
        output_line_of(out, str_of(file->reason), STYLE_PLAIN);
    }
    output_text(out, "\n");
    print_bytes(listing, file);
}

static void add_file(struct listing *listing, const struct nexus_pending_file *file)
{
    struct json *json = listing->json;
    strbuf_reset(&listing->diff);
    diff_add(before_of(file), after_of(file), &listing->diff);
    json_begin_object(json, NULL);
    json_text(json, "path", str_of(file->path));
    if (file->moved_from)
        json_text(json, "moved_from", str_of(file->moved_from));
    else
        json_null(json, "moved_from");
    json_text(json, "state", state_name(file->state));
    json_text(json, "change", str_of(change_name(file->change)));
    json_count(json, "rows", file->rows);
    json_count(json, "refused", file->refused);
    json_count(json, "conflicts", file->conflicts);
    if (file->reason)
        json_text(json, "reason", str_of(file->reason));
    else
        json_null(json, "reason");
    json_text(json, "diff", strbuf_str(&listing->diff));
    json_end(json);
}

static void hear(void *context, const struct nexus_pending_file *file)
{
    struct listing *listing = context;
    if (file->state == NEXUS_PENDING_HELD)
        listing->held++;
    else
        listing->waiting++;
    if (listing->json)
        add_file(listing, file);
    else
        print_file(listing, file);
}

static enum nexus_status list(struct listing *listing, struct nexus_error *err)
{
    struct nexus_vault *vault;
    TRY(nexus_vault_open(listing->call->vault_path, &vault, err));
    enum nexus_status status = nexus_list_pending(vault, hear, listing, err);
    nexus_vault_close(vault);
    bool is_short = listing->diff.failed;
    strbuf_finish(&listing->diff);
    return status == NEXUS_OK && is_short ? fail_no_memory(err) : status;
}

static enum nexus_status list_as_json(struct listing *listing, struct nexus_error *err)
{
    JSON_SCOPED json;
    json_init(&json, &listing->call->out);
    json_begin_object(&json, NULL);
    json_begin_array(&json, "pending");
    listing->json = &json;
    enum nexus_status status = list(listing, err);
    listing->json = NULL;
    TRY(status);
    json_end(&json);
    json_end(&json);
    return json_finish(&json, err);
}

/** On stderr, so that the diffs on stdout are a patch. */
static void print_end(struct listing *listing)
{
    struct output *notes = &listing->call->notes;
    if (!listing->held && !listing->waiting)
        output_text(notes, "nothing is pending\n");
    if (listing->held) {
        output_count(notes, (int64_t)listing->held, "file");
        output_text(notes, " held: 'nexus apply' writes them, 'nexus discard' takes them back\n");
    }
    if (listing->waiting) {
        output_count(notes, (int64_t)listing->waiting, "file");
        output_text(notes, " waiting: the next sync writes them\n");
    }
}

static enum nexus_status run_pending(struct invocation *call, struct nexus_error *err)
{
    struct listing listing = {.call = call};
    if (call->form == FORM_JSON)
        return list_as_json(&listing, err);
    TRY(list(&listing, err));
    print_end(&listing);
    return NEXUS_OK;
}

const struct command command_pending = {
    .name = "pending",
    .operands = "",
    .summary = "what SQL changed and no file says yet",
    .details = "For each file a line, and what would change in it as a unified diff. A change of\n"
               "more files than a person would make in one go is held until 'nexus apply' or\n"
               "'nexus discard' decides; the others wait for the next sync.\n",
    .examples = "nexus pending | less\n",
    .group = GROUP_DECIDE,
    .needs = NEEDS_READER,
    .run = run_pending,
};
