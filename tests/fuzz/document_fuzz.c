// SPDX-License-Identifier: MIT
/* Any bytes as a file: front matter and body make up the whole of it, and the body is a property
 * like any other. */
#include "parse/document.h"
#include "tape_promises.h"

static void promise_markdown(struct document *document, struct str source)
{
    const struct front_matter *front = &document->front_matter;
    PROMISE(front->block.start <= front->content.start);
    PROMISE(front->content.start <= front->content.end);
    PROMISE(front->content.end <= front->block.end);
    PROMISE(front->block.end == front->body_start || front->kind == FRONT_MATTER_NONE);
    PROMISE(front->body_start <= source.length);
    if (!document->is_parsed)
        return;
    promise_tape(&document->tape);
    PROMISE(document->tape.nodes[0].type == NODE_OBJECT);

    PROMISE(document_add_body(document, STR("content"), NULL) == NEXUS_OK);
    uint32_t body = tape_member(&document->tape, 0, STR("content"));
    PROMISE(body == document->tape.count - 1);
    PROMISE(str_equal(node_text(&document->tape.nodes[body]),
                      str_slice(source, front->body_start, source.length)));
    promise_round_trip(&document->tape);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str source = {(const char *)data, size};
    struct document document;
    document_init(&document);
    PROMISE(document_parse(&document, DOCUMENT_MARKDOWN, source, NULL) == NEXUS_OK);
    PROMISE(document.is_parsed != document.problems.has_error);
    promise_markdown(&document, source);
    PROMISE(document_own_schema(&document).data < document.tape.count || !document.is_parsed);
    promise_problems(&document.problems, source);

    PROMISE(document_parse(&document, DOCUMENT_JSON, source, NULL) == NEXUS_OK);
    PROMISE(document.is_parsed != document.problems.has_error);
    PROMISE(document_own_schema(&document).data < document.tape.count || !document.is_parsed);
    document_finish(&document);
    return 0;
}
