// SPDX-License-Identifier: MIT
#include "engine/own_json.h"

#include "parse/json.h"

enum nexus_status own_json_parse(struct str text, cJSON **ret_document, struct nexus_error *err)
{
    *ret_document = cJSON_ParseWithLength(text.at, text.length);
    if (*ret_document)
        return NEXUS_OK;
    struct tape tape;
    tape_init(&tape);
    bool is_json = json_scan(text, &tape, NULL), lacks_memory = tape_failed(&tape);
    tape_finish(&tape);
    if (lacks_memory)
        return fail_no_memory(err);
    if (is_json)
        *ret_document = cJSON_ParseWithLength(text.at, text.length);
    return NEXUS_OK;
}
