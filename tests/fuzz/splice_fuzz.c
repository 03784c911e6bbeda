// SPDX-License-Identifier: MIT
/* Any file, any change: when a patch is made, the patched file is the file with the change.
 *
 * The input is a format (one byte), which node, what becomes of it, the new value as JSON up to a
 * NUL byte, and the file. */
#include "engine/prove.h"
#include "tape_promises.h"

struct input {
    enum document_format format;
    uint8_t place, deed;
    struct str value, file;
};

static bool read_input(const uint8_t *data, size_t size, struct input *input)
{
    struct str rest = {(const char *)data, size};
    if (size < 4)
        return false;
    input->format = data[0] % 2 ? DOCUMENT_JSON : DOCUMENT_MARKDOWN;
    input->place = data[1];
    input->deed = data[2] % 3;
    rest = str_slice(rest, 3, size);
    size_t end = str_find(rest, '\0');
    if (end == STR_NONE)
        return false;
    input->value = str_slice(rest, 0, end);
    input->file = str_slice(rest, end + 1, rest.length);
    return true;
}

/** The value with `target` replaced by `value`, taken out, or given a last child. */
static void add_changed(const struct tape *tape, uint32_t index, uint32_t target,
                        const struct input *input, struct strbuf *out)
{
    const struct node *node = &tape->nodes[index];
    bool is_object = node->type == NODE_OBJECT, has_some = false;
    if (index == target && input->deed == 0) {
        strbuf_add(out, input->value);
        return;
    }
    if (!is_object && node->type != NODE_ARRAY) {
        tape_add_json(tape, index, out);
        return;
    }
    strbuf_add_char(out, is_object ? '{' : '[');
    for (uint32_t at = index + 1; at < node->next; at = tape->nodes[at].next) {
        if (input->deed == 1 && at + is_object == target)
            continue;
        strbuf_add_text(out, has_some ? "," : "");
        if (is_object) {
            strbuf_add_json(out, node_text(&tape->nodes[at]));
            strbuf_add_char(out, ':');
        }
        add_changed(tape, at + is_object, target, input, out);
        has_some = true;
    }
    if (index == target && input->deed == 2)
        strbuf_addf(out, "%s%s%.*s", has_some ? "," : "", is_object ? "\"new key\":" : "",
                    STR_ARG(input->value));
    strbuf_add_char(out, is_object ? '}' : ']');
}

/** Proven patches are right by another look; closed ones are in order. */
static void promise_patch(const struct document *document, const struct tape *wanted)
{
    struct patch_source source = patch_source_of(document, STR("content"));
    struct patch patch;
    struct nexus_error err = {0};
    STRBUF_SCOPED out = {0};
    patch_init(&patch, &source);
    enum nexus_status status = patch_object(&patch, 0, (struct patch_value){wanted, 0}, &err);
    if (status == NEXUS_OK)
        status = patch_close(&patch, &err);
    if (status == NEXUS_OK) {
        for (size_t i = 0; i < patch.edit_count; i++) {
            PROMISE(patch.edits[i].start <= patch.edits[i].end);
            PROMISE(patch.edits[i].end <= document->source.length);
            PROMISE(i == 0 || patch.edits[i - 1].end <= patch.edits[i].start);
        }
        PROMISE(patch_apply(&patch, &out, &err) == NEXUS_OK);
        status = prove_patch(document, &patch, strbuf_str(&out), &err);
    }
    PROMISE(status == NEXUS_OK || (status == NEXUS_ERROR_REFUSED && err.message[0]));
    /* JSON leaves nothing to doubt: what was asked for can always be written. */
    PROMISE(status == NEXUS_OK || document->format == DOCUMENT_MARKDOWN);
    patch_finish(&patch);
}

static void try_change(const struct document *document, const struct input *input)
{
    struct tape wanted = {0};
    STRBUF_SCOPED json = {0};
    uint32_t target = input->place % (uint32_t)document->tape.count;
    if (document->tape.nodes[target].type == NODE_KEY)
        target++;
    add_changed(&document->tape, 0, target, input, &json);
    if (json_scan(strbuf_str(&json), &wanted, NULL) && wanted.nodes[0].type == NODE_OBJECT)
        promise_patch(document, &wanted);
    tape_finish(&wanted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input;
    struct document document;
    if (!read_input(data, size, &input))
        return 0;
    document_init(&document);
    PROMISE(document_parse(&document, input.format, input.file, NULL) == NEXUS_OK);
    if (document.is_parsed && document.tape.nodes[0].type == NODE_OBJECT) {
        if (input.format == DOCUMENT_MARKDOWN)
            PROMISE(document_add_body(&document, STR("content"), NULL) == NEXUS_OK);
        try_change(&document, &input);
    }
    document_finish(&document);
    return 0;
}
