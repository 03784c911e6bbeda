// SPDX-License-Identifier: MIT
/*
 * Whatever becomes of a value, the file reads back as exactly that, and its other bytes are the
 * same: for the front matter of real vaults and for made files, each value is changed to each of
 * the texts that YAML and JSON find hard, keys and items come and go.
 *
 * usage: hostile [--seed N] [--made N] [--real N] [--only N] [FOLDER]
 *
 * FOLDER holds vaults as *.tar.gz. At most --real notes with front matter are taken from each, and
 * --made notes and as many JSON files are made up. --only is the replay of one file.
 */
#include "engine/prove.h"
#include "made.h"
#include "parse/json.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { REASONS = 32, SHOWN = 10 };

/** What becomes of one node. */
enum deed { CHANGE, REMOVE, APPEND, PREPEND };

struct stroke {
    enum deed deed;
    uint32_t node; /* REMOVE: a key or an item; APPEND, PREPEND: a collection */
    const char *json;
};

struct run {
    uint64_t seed;
    long made, real, only;
    const char *folder;
    long files, skipped, edits, refused, broken;
    char reasons[REASONS][96];
    long reason_counts[REASONS];
    struct document document, after;
    struct tape wanted;
    struct strbuf json, out;
};

static const char *const values[] = {
    "\"plain\"",
    "\"\"",
    "\"say \\\"hi\\\", it's\"",
    "\"a: b\"",
    "\"a #b\"",
    "\"#b\"",
    "\"one\\ntwo\"",
    "\"one\\n\\n  two \\n\"",
    "\"\\n\\n\"",
    "\"yes\"",
    "\"007\"",
    "\"\xF0\x9F\x98\x80 \xC3\xA9\"",
    "\" x \"",
    "\"- x\"",
    "\"? \"",
    "\"[a\"",
    "\"{{ x }}\"",
    "\"\\ta\\tb\"",
    "\"---\"",
    "\"a\\n---\\nb\\n\"",
    "\"\\u0000\\u0007\\u001b\\u007f\\u0085\\u2028\\ufeff\"",
    "\"a\\r\\nb\"",
    "\"null\"",
    "\"2024-01-01\"",
    "\"C:\\\\x\"",
    "\"&a *b !c %d @e `f\"",
    "5",
    "1.10",
    "1e400",
    "true",
    "null",
    "[]",
    "{}",
    "[1, \"a, b\", [\"c\"], {\"d\": null}]",
    "{\"a\": 1, \"b c\": {\"d: e\": [\"x\\ny\"]}}",
};
enum { VALUES = sizeof values / sizeof values[0] };

/** The value as JSON with the stroke carried out. */
static void add_changed(const struct tape *tape, uint32_t index, const struct stroke *stroke,
                        struct strbuf *out)
{
    const struct node *node = &tape->nodes[index];
    bool is_object = node->type == NODE_OBJECT, is_here = stroke->node == index, has_some = false;
    const char *name = is_object ? "\"a new: key\":" : "";
    if (is_here && stroke->deed == CHANGE) {
        strbuf_add_text(out, stroke->json);
        return;
    }
    if (!is_object && node->type != NODE_ARRAY) {
        tape_add_json(tape, index, out);
        return;
    }
    strbuf_add_char(out, is_object ? '{' : '[');
    if (is_here && stroke->deed == PREPEND) {
        strbuf_addf(out, "%s%s", name, stroke->json);
        has_some = true;
    }
    for (uint32_t at = index + 1; at < node->next; at = tape->nodes[at].next) {
        if (stroke->deed == REMOVE && stroke->node == at)
            continue;
        strbuf_add_text(out, has_some ? "," : "");
        if (is_object) {
            strbuf_add_json(out, node_text(&tape->nodes[at]));
            strbuf_add_char(out, ':');
        }
        add_changed(tape, at + is_object, stroke, out);
        has_some = true;
    }
    if (is_here && stroke->deed == APPEND)
        strbuf_addf(out, "%s%s%s", has_some ? "," : "", name, stroke->json);
    strbuf_add_char(out, is_object ? '}' : ']');
}

static void count_refusal(struct run *run, const char *message)
{
    char reason[96];
    size_t length = 0;
    bool is_quoted = false;
    for (const char *at = message; *at && length + 1 < sizeof reason; at++) {
        if (*at == '\'') {
            is_quoted = !is_quoted;
            reason[length++] = *at;
        } else if (!is_quoted) {
            reason[length++] = *at;
        }
    }
    reason[length] = '\0';
    run->refused++;
    for (int i = 0; i < REASONS; i++) {
        if (!run->reasons[i][0])
            memcpy(run->reasons[i], reason, length + 1);
        if (strcmp(run->reasons[i], reason) == 0) {
            run->reason_counts[i]++;
            return;
        }
    }
}

static void show(struct run *run, const struct stroke *stroke, const char *what)
{
    static const char *const deeds[] = {"change", "remove", "append", "prepend"};
    struct str before = run->document.source, after = strbuf_str(&run->out);
    if (run->refused + run->broken > SHOWN && run->only < 0)
        return;
    STRBUF_SCOPED pointer = {0};
    tape_add_pointer(&run->document.tape, stroke->node, &pointer);
    printf("--- %s: %s '%s' %s; again: hostile --seed %llu --made %ld --real %ld --only %ld %s\n"
           "%.*s\n--- after:\n%.*s\n",
           what, deeds[stroke->deed], strbuf_str(&pointer).at, stroke->json,
           (unsigned long long)run->seed, run->made, run->real, run->files,
           run->folder ? run->folder : "", (int)(before.length < 1500 ? before.length : 1500),
           before.at, (int)(after.length < 1500 ? after.length : 1500), after.at);
}

/** What stands outside the edits is there by the proof; here: a change of one scalar, or of one
 * item, stays near its lines. */
static bool is_near(const struct run *run, const struct patch *patch, const struct stroke *stroke)
{
    const struct node *node = &run->document.tape.nodes[stroke->node];
    struct str source = run->document.source;
    if (stroke->deed != CHANGE || stroke->node == patch->body + 1)
        return true;
    size_t start = node->start, end = node->end;
    while (start > 0 && source.at[start - 1] != '\n')
        start--;
    if (node->style == STYLE_BLOCK && start > 0) /* its key may stand on the line above … */
        for (start--; start > 0 && source.at[start - 1] != '\n';)
            start--;
    while (end < source.length && source.at[end] != '\n')
        end++;
    for (size_t i = 0; i < patch->edit_count; i++)
        if (patch->edits[i].start < start || patch->edits[i].end > end)
            return node->style == STYLE_BLOCK; /* … or above comments */
    return true;
}

static bool reads_back(struct run *run)
{
    struct document *after = &run->after;
    if (document_parse(after, run->document.format, strbuf_str(&run->out), NULL) != NEXUS_OK ||
        !after->is_parsed)
        return false;
    if (after->format == DOCUMENT_MARKDOWN &&
        document_add_body(after, STR("content"), NULL) != NEXUS_OK)
        return false;
    return tape_equal(&after->tape, 0, &run->wanted, 0);
}

static void try_stroke(struct run *run, const struct stroke *stroke)
{
    struct nexus_error err = {0};
    struct patch patch;
    struct patch_source source = patch_source_of(&run->document, STR("content"));
    strbuf_reset(&run->json);
    strbuf_reset(&run->out);
    add_changed(&run->document.tape, 0, stroke, &run->json);
    if (!json_scan(strbuf_str(&run->json), &run->wanted, NULL))
        return; /* the new key was there */
    run->edits++;
    patch_init(&patch, &source);
    enum nexus_status status = patch_object(&patch, 0, (struct patch_value){&run->wanted, 0}, &err);
    if (status == NEXUS_OK)
        status = patch_close(&patch, &err);
    if (status == NEXUS_OK)
        status = patch_apply(&patch, &run->out, &err);
    if (status == NEXUS_OK)
        status = prove_patch(&run->document, &patch, strbuf_str(&run->out), &err);
    if (status != NEXUS_OK) {
        count_refusal(run, err.message);
        show(run, stroke, err.message);
    } else if (!reads_back(run) || !is_near(run, &patch, stroke)) {
        run->broken++;
        show(run, stroke, "BROKEN");
    }
    patch_finish(&patch);
}

static void try_node(struct run *run, uint32_t index)
{
    const struct node *node = &run->document.tape.nodes[index];
    bool is_body =
        run->document.format == DOCUMENT_MARKDOWN && index + 1 == run->document.tape.count;
    if (node->type == NODE_KEY) {
        if (node->start != node->end || node->style != STYLE_PLAIN)
            try_stroke(run, &(struct stroke){REMOVE, index, ""});
        return;
    }
    for (unsigned i = 0; i < VALUES && index; i++)
        if (!is_body || (values[i][0] == '"' && !strstr(values[i], "u0000")))
            try_stroke(run, &(struct stroke){CHANGE, index, values[i]});
    if (node->type != NODE_OBJECT && node->type != NODE_ARRAY)
        return;
    for (unsigned i = 0; i < VALUES; i += 3) {
        try_stroke(run, &(struct stroke){APPEND, index, values[i]});
        if (node->type == NODE_ARRAY)
            try_stroke(run, &(struct stroke){PREPEND, index, values[i]});
    }
    if (node->type == NODE_ARRAY && !(node->flags & NODE_ALIAS))
        tape_for_each_item (&run->document.tape, index, item)
            try_stroke(run, &(struct stroke){REMOVE, item, ""});
}

static void try_file(struct run *run, enum document_format format, struct str source)
{
    run->files++;
    if (run->only >= 0 && run->files != run->only)
        return;
    struct document *document = &run->document;
    bool is_read = document_parse(document, format, source, NULL) == NEXUS_OK &&
                   document->is_parsed && document->tape.nodes[0].type == NODE_OBJECT;
    if (is_read && format == DOCUMENT_MARKDOWN)
        is_read = document->front_matter.kind != FRONT_MATTER_TOML &&
                  document_add_body(document, STR("content"), NULL) == NEXUS_OK;
    if (!is_read) {
        run->skipped++;
        return;
    }
    for (uint32_t i = 0; i < document->tape.count; i++)
        try_node(run, i);
}

static void try_made(struct run *run)
{
    STRBUF_SCOPED file = {0};
    for (long i = 0; i < 2 * run->made; i++) {
        struct dice dice;
        dice_init(&dice, run->seed * 1000003 + (uint64_t)i);
        strbuf_reset(&file);
        i % 2 ? make_json(&dice, &file) : make_note(&dice, &file);
        try_file(run, i % 2 ? DOCUMENT_JSON : DOCUMENT_MARKDOWN, strbuf_str(&file));
    }
}

/** A note's front matter, and the first of its body. */
static long try_real_note(struct run *run, struct str note)
{
    struct front_matter cut = front_matter_cut(note, NULL);
    if (cut.kind != FRONT_MATTER_YAML)
        return 0;
    size_t end = cut.body_start;
    while (end < note.length && end < cut.body_start + 200 && (unsigned char)note.at[end] < 0x80)
        end++;
    try_file(run, DOCUMENT_MARKDOWN, str_slice(note, 0, end));
    return 1;
}

/** The notes of a tar file: 512 bytes that tell a name and, in octal digits, a size; then the
 * bytes, in blocks of 512. */
static long try_tar(struct run *run, FILE *tar)
{
    char header[512];
    long notes = 0;
    STRBUF_SCOPED file = {0};
    while (notes < run->real && fread(header, sizeof header, 1, tar) == 1 && header[0]) {
        size_t size = strtoul(header + 124, NULL, 8), padded = (size + 511) / 512 * 512;
        strbuf_reset(&file);
        char *bytes = strbuf_reserve(&file, padded + 1);
        if (!bytes || fread(bytes, 1, padded, tar) != padded)
            break;
        struct str name = {header, strnlen(header, 100)}, note = {bytes, size};
        if (str_ends_with(name, STR(".md")))
            notes += try_real_note(run, note);
    }
    return notes;
}

static int is_archive(const struct dirent *entry)
{
    return str_ends_with(str_of(entry->d_name), STR(".tar.gz"));
}

static long try_real(struct run *run)
{
    struct dirent **entries = NULL;
    long notes = 0;
    int count = run->folder ? scandir(run->folder, &entries, is_archive, alphasort) : 0;
    for (int i = 0; i < count; i++) {
        STRBUF_SCOPED command = {0};
        strbuf_addf(&command, "gzip -dc '%s/%s' 2>/dev/null", run->folder, entries[i]->d_name);
        FILE *tar = popen(command.at, "r");
        if (tar) {
            notes += try_tar(run, tar);
            pclose(tar);
        }
        free(entries[i]);
    }
    free(entries);
    return notes;
}

static bool report(const struct run *run, long notes)
{
    double share = run->edits ? 100.0 * (double)run->refused / (double)run->edits : 100;
    if (!notes)
        printf("skipped: no vaults in %s\n", run->folder ? run->folder : "no folder");
    printf("seed %llu: %ld files (%ld of real vaults, %ld not read), %ld edits, %ld broken, "
           "%ld refused (%.3f %%)\n",
           (unsigned long long)run->seed, run->files, notes, run->skipped, run->edits, run->broken,
           run->refused, share);
    for (int i = 0; i < REASONS && run->reasons[i][0]; i++)
        printf("%8ld  %s\n", run->reason_counts[i], run->reasons[i]);
    return run->broken == 0 && share < 0.5 && run->skipped < run->files / 10 + 1;
}

static bool read_arguments(struct run *run, int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        long *number = strcmp(arguments[i], "--made") == 0   ? &run->made
                       : strcmp(arguments[i], "--real") == 0 ? &run->real
                       : strcmp(arguments[i], "--only") == 0 ? &run->only
                                                             : NULL;
        bool is_seed = strcmp(arguments[i], "--seed") == 0;
        if ((number || is_seed) && ++i == count)
            return false;
        if (is_seed)
            run->seed = strtoull(arguments[i], NULL, 10);
        else if (number)
            *number = strtol(arguments[i], NULL, 10);
        else
            run->folder = arguments[i];
    }
    return true;
}

int main(int count, char **arguments)
{
    struct run run = {.seed = 1, .made = 1000, .real = 1000, .only = -1};
    if (!read_arguments(&run, count, arguments)) {
        fprintf(stderr, "usage: hostile [--seed N] [--made N] [--real N] [--only N] [FOLDER]\n");
        return 2;
    }
    document_init(&run.document);
    document_init(&run.after);
    try_made(&run);
    long notes = try_real(&run);
    bool is_good = report(&run, notes);
    document_finish(&run.document);
    document_finish(&run.after);
    tape_finish(&run.wanted);
    strbuf_finish(&run.json);
    strbuf_finish(&run.out);
    return is_good ? 0 : 1;
}
