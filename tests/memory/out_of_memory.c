// SPDX-License-Identifier: MIT
/*
 * usage: out_of_memory FUZZ_CORPUS
 *
 * What turns bytes into answers, with each allocation failing in turn, once and from then on: an
 * answer is whole or there is none, nothing crashes, and nothing is kept.
 *
 * An input is read by one job, again and again, until the allocation that is to fail comes no more.
 */
#include "engine/prove.h"
#include "failing_memory.h"
#include "parse/json.h"
#include "parse/markdown.h"
#include "validate/schema.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* Where answers are written: taken before anything fails. */
static char answer_text[1 << 20];
static size_t answer_length;
static struct nexus_error said;

static void answer(struct str text)
{
    size_t room = sizeof answer_text - answer_length;
    size_t length = text.length < room ? text.length : room;
    memcpy(answer_text + answer_length, text.at, length);
    answer_length += length;
}

static void answer_number(size_t number)
{
    answer((struct str){(const char *)&number, sizeof number});
}

/** A job writes its answer; anything but NEXUS_OK is none. */
typedef enum nexus_status job(struct str input);

static enum nexus_status answer_tape(const struct tape *tape)
{
    STRBUF_SCOPED json = {0};
    tape_add_json(tape, 0, &json);
    if (json.failed)
        return NEXUS_ERROR_NO_MEMORY;
    answer(strbuf_str(&json));
    return NEXUS_OK;
}

static void answer_problems(const struct problem_list *problems)
{
    answer_number(problems->count);
    answer_number(problems->has_error);
}

static enum nexus_status answer_note(const struct document *document)
{
    struct markdown_reader *reader = markdown_reader_new();
    struct note note;
    enum nexus_status status =
        reader ? markdown_read(reader, document->source, document->front_matter.body_start,
                               (uint32_t)document->source.length, &document->tape, &note, &said)
               : NEXUS_ERROR_NO_MEMORY;
    if (status == NEXUS_OK) {
        answer_number(note.link_count);
        answer_number(note.tag_count);
        answer_number(note.heading_count);
        answer_number(note.task_count);
        answer_number(note.property_count);
        answer_number(note.block_count);
        answer(note.lead);
    }
    markdown_reader_free(reader);
    return status;
}

static enum nexus_status read_document(struct document *document, struct str input,
                                       enum document_format format)
{
    TRY(document_parse(document, format, input, &said));
    document_locate(document);
    answer_problems(&document->problems);
    if (!document->is_parsed)
        return NEXUS_OK;
    TRY(answer_tape(&document->tape));
    return format == DOCUMENT_MARKDOWN ? answer_note(document) : NEXUS_OK;
}

static enum nexus_status read_as(struct str input, enum document_format format)
{
    struct document document;
    document_init(&document);
    enum nexus_status status = read_document(&document, input, format);
    document_finish(&document);
    return status;
}

static enum nexus_status read_markdown(struct str input)
{
    return read_as(input, DOCUMENT_MARKDOWN);
}

static enum nexus_status read_json(struct str input)
{
    return read_as(input, DOCUMENT_JSON);
}

static enum nexus_status judge(const struct schema *schema, struct str text,
                               struct problem_list *problems)
{
    enum nexus_status status = NEXUS_ERROR_NO_MEMORY;
    struct schema_run *run = schema_run_new();
    struct tape tape;
    tape_init(&tape);
    if (run && json_scan(text, &tape, problems)) {
        answer_number(schema_accepts(schema, &tape, 0, run));
        answer_number(schema_explain(schema, &tape, 0, run, problems));
        status = NEXUS_OK;
    }
    tape_finish(&tape);
    schema_run_free(run);
    return status;
}

/* A schema and a document, with a NUL byte between them. */
static enum nexus_status compile_and_judge(struct str input)
{
    const struct str uri = STR("test:schema");
    size_t end = str_find(input, '\0');
    struct str document = end == STR_NONE ? STR("null") : str_slice(input, end + 1, input.length);
    struct arena arena = {0};
    struct problem_list problems;
    problem_list_init(&problems, &arena);
    struct schema_set *set = schema_set_new(json_scan);
    struct schema *schema = NULL;
    enum nexus_status status = NEXUS_ERROR_NO_MEMORY;
    if (set)
        status = schema_set_add(set, uri, str_slice(input, 0, end), DRAFT_2020, &problems, &said);
    if (status == NEXUS_OK)
        status = schema_compile(set, uri, 0, &schema, &problems, &said);
    if (status == NEXUS_OK)
        status = judge(schema, document, &problems);
    answer_problems(&problems);
    schema_free(schema);
    schema_set_free(set);
    arena_finish(&arena);
    return status;
}

static enum nexus_status patch_document(const struct document *document, const struct tape *wanted)
{
    struct patch_source source = patch_source_of(document, STR("content"));
    struct patch patch;
    STRBUF_SCOPED out = {0};
    patch_init(&patch, &source);
    enum nexus_status status = patch_object(&patch, 0, (struct patch_value){wanted, 0}, &said);
    if (status == NEXUS_OK)
        status = patch_close(&patch, &said);
    if (status == NEXUS_OK)
        status = patch_apply(&patch, &out, &said);
    if (status == NEXUS_OK)
        status = prove_patch(document, &patch, strbuf_str(&out), &said);
    if (status == NEXUS_OK)
        answer(strbuf_str(&out));
    patch_finish(&patch);
    return status;
}

static enum nexus_status write_into(struct str input, enum document_format format)
{
    struct document document;
    struct tape wanted;
    document_init(&document);
    tape_init(&wanted);
    enum nexus_status status = document_parse(&document, format, input, &said);
    bool is_object =
        status == NEXUS_OK && document.is_parsed && document.tape.nodes[0].type == NODE_OBJECT;
    if (is_object && format == DOCUMENT_MARKDOWN)
        status = document_add_body(&document, STR("content"), &said);
    if (is_object && status == NEXUS_OK)
        status =
            json_scan(STR("{\"a\":1,\"new: key\":[\"x\",{\"y\":\"two\\nlines\"}]}"), &wanted, NULL)
                ? patch_document(&document, &wanted)
                : NEXUS_ERROR_NO_MEMORY;
    tape_finish(&wanted);
    document_finish(&document);
    return status;
}

static enum nexus_status write_into_markdown(struct str input)
{
    return write_into(input, DOCUMENT_MARKDOWN);
}

static enum nexus_status write_into_json(struct str input)
{
    return write_into(input, DOCUMENT_JSON);
}

struct trial {
    const char *name;
    job *job;
    struct str input;
};

static long points, findings;

static void tell(const struct trial *trial, long at, bool sticks, const char *what, long number)
{
    findings++;
    printf("%s, allocation %ld fails%s: %s %ld (%s)\n", trial->name, at,
           sticks ? ", as all later ones" : "", what, number, said.message);
}

static enum nexus_status run(const struct trial *trial, long at, bool sticks)
{
    answer_length = 0;
    said = (struct nexus_error){0};
    memory_fail_at(at, sticks);
    enum nexus_status status = trial->job(trial->input);
    long count = memory_count();
    memory_fail_at(0, false);
    return at && count < at ? NEXUS_ERROR_NOT_FOUND : status; /* NOT_FOUND: it never came to it */
}

static void try_all(const struct trial *trial, bool sticks)
{
    enum nexus_status wanted = run(trial, 0, false);
    struct hash whole = hash_of((struct str){answer_text, answer_length});
    for (long at = 1;; at++) {
        long live = memory_live();
        enum nexus_status status = run(trial, at, sticks);
        if (status == NEXUS_ERROR_NOT_FOUND)
            return;
        points++;
        if (memory_live() != live)
            tell(trial, at, sticks, "blocks are kept:", memory_live() - live);
        if (status == NEXUS_ERROR_NO_MEMORY)
            continue;
        if (status != wanted)
            tell(trial, at, sticks, "the status is", status);
        else if (status == NEXUS_OK &&
                 !hash_equal(whole, hash_of((struct str){answer_text, answer_length})))
            tell(trial, at, sticks, "the answer is another, of bytes", (long)answer_length);
    }
}

static bool read_input(const char *path, char **ret_data, struct str *ret_input)
{
    FILE *file = fopen(path, "rb");
    bool is_read = false;
    if (!file)
        return false;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0 && (*ret_data = malloc((size_t)size + 1))) {
        is_read = fread(*ret_data, 1, (size_t)size, file) == (size_t)size;
        *ret_input = (struct str){*ret_data, (size_t)size};
    }
    fclose(file);
    return is_read;
}

/** Gives each file of the folder to the jobs. The first run fills what libraries keep for good. */
static int try_folder(const char *corpus, const char *name, job *const jobs[], size_t count)
{
    char path[4096];
    int inputs = 0;
    snprintf(path, sizeof path, "%s/%s", corpus, name);
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char *data = NULL;
        struct trial trial = {path, NULL, {0}};
        snprintf(path, sizeof path, "%s/%s/%s", corpus, name, entry->d_name);
        if (entry->d_name[0] != '.' && read_input(path, &data, &trial.input)) {
            for (size_t i = 0; i < count; i++) {
                trial.job = jobs[i];
                try_all(&trial, false);
                try_all(&trial, true);
            }
            inputs++;
        }
        free(data);
    }
    if (folder)
        closedir(folder);
    return inputs;
}

int main(int count, char **arguments)
{
    static job *const of_notes[] = {read_markdown, write_into_markdown};
    static job *const of_json[] = {read_json, write_into_json};
    static job *const of_schemas[] = {compile_and_judge};
    if (count != 2)
        return 2;
    int inputs = try_folder(arguments[1], "document", of_notes, 2) +
                 try_folder(arguments[1], "markdown", of_notes, 2) +
                 try_folder(arguments[1], "yaml", of_notes, 2) +
                 try_folder(arguments[1], "json", of_json, 2) +
                 try_folder(arguments[1], "schema", of_schemas, 1);
    printf("%d inputs, %ld failed allocations: %ld findings\n", inputs, points, findings);
    return inputs && points && !findings ? 0 : 1;
}
