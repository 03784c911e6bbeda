// SPDX-License-Identifier: MIT
/* New files. */
#include "base/error.h"
#include "writeback/body.h"
#include "writeback/json_text.h"

enum nexus_status patch_new_markdown(struct patch_value wanted, struct str body, struct strbuf *out,
                                     struct nexus_error *err)
{
    struct str text;
    if (wanted.tape->nodes[wanted.node].type != NODE_OBJECT)
        return fail(err, NEXUS_ERROR_REFUSED, "the content must be an object");
    TRY(body_text(wanted.tape, wanted.node, body, &text, err));
    bool has_body = tape_member(wanted.tape, wanted.node, body) != TAPE_NONE;
    if (wanted.tape->nodes[wanted.node].count > has_body || body_needs_fence(text))
        body_add_front_matter(out, wanted, body, STR("\n"));
    strbuf_add(out, text);
    return out->failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status patch_new_json(struct patch_value wanted, const struct patch_json_form *form,
                                 struct strbuf *out, struct nexus_error *err)
{
    struct json_look look = json_look_new;
    if (wanted.tape->nodes[wanted.node].type != NODE_OBJECT)
        return fail(err, NEXUS_ERROR_REFUSED, "the content must be an object");
    if (form->schema.length) {
        strbuf_add_text(out, "{\n  \"schema\": ");
        strbuf_add_json(out, form->schema);
        strbuf_addf(out, ",\n  \"version\": %lld,\n  \"data\": ", (long long)form->version);
        look.indent = STR("  ");
    }
    if (form->is_collection) {
        strbuf_add_text(out, "[");
        json_add_line(out, &look, 1);
        look.indent = form->schema.length ? STR("    ") : STR("  ");
    }
    json_add_value(out, wanted, &look);
    if (form->is_collection) {
        look.indent = form->schema.length ? STR("  ") : STR("");
        json_add_line(out, &look, 0);
        strbuf_add_text(out, "]");
    }
    strbuf_add_text(out, form->schema.length ? "\n}\n" : "\n");
    return out->failed ? fail_no_memory(err) : NEXUS_OK;
}
