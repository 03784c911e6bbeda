// SPDX-License-Identifier: MIT
/* Any bytes as a text of each format: no reader looks past its end, and where one grammar contains
 * another, so do the texts. */
#include "base/strbuf.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "validate/format.h"

static bool is_with(enum format_id id, const char *before, struct str value, const char *behind)
{
    STRBUF_SCOPED text = {0};
    strbuf_add_text(&text, before);
    strbuf_add(&text, value);
    strbuf_add_text(&text, behind);
    return format_matches(id, strbuf_str(&text));
}

static void check_addresses(struct str value)
{
    bool host = format_matches(FORMAT_HOSTNAME, value);
    if (format_matches(FORMAT_IPV4, value)) {
        PROMISE(is_with(FORMAT_IPV6, "::", value, "") && is_with(FORMAT_EMAIL, "a@[", value, "]"));
        PROMISE(!format_matches(FORMAT_IPV6, value) && host);
    }
    if (format_matches(FORMAT_IPV6, value)) {
        PROMISE(is_with(FORMAT_URI, "a://[", value, "]:1/"));
        PROMISE(is_with(FORMAT_EMAIL, "a@[IPv6:", value, "]"));
    }
    if (host)
        PROMISE(is_with(FORMAT_EMAIL, "a@", value, "") && is_with(FORMAT_URI, "a://", value, ""));
    if (format_matches(FORMAT_EMAIL, value) && str_find_str(value, STR("--")) == STR_NONE)
        PROMISE(format_matches(FORMAT_IDN_EMAIL, value));
}

static void check_references(struct str value)
{
    bool iri = format_matches(FORMAT_IRI, value);
    bool reference = format_matches(FORMAT_URI_REFERENCE, value);
    if (format_matches(FORMAT_URI, value))
        PROMISE(iri && reference);
    if (iri || reference)
        PROMISE(format_matches(FORMAT_IRI_REFERENCE, value));
}

static void check_times(struct str value)
{
    if (format_matches(FORMAT_DATE_TIME, value)) {
        PROMISE(format_matches(FORMAT_DATE, str_slice(value, 0, 10)));
        PROMISE(format_matches(FORMAT_TIME, str_slice(value, 11, value.length)));
    }
    if (format_matches(FORMAT_DATE, value))
        PROMISE(is_with(FORMAT_DATE_TIME, "", value, "T00:00:00Z"));
    if (format_matches(FORMAT_TIME, value))
        PROMISE(is_with(FORMAT_DATE_TIME, "2024-02-29t", value, ""));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str value = {(const char *)data, size};
    bool broken = utf8_find_invalid(value) != STR_NONE;
    for (enum format_id id = FORMAT_UNKNOWN + 1; id <= FORMAT_REGEX; id++)
        PROMISE(!(format_matches(id, value) && broken));
    check_addresses(value);
    check_references(value);
    check_times(value);
    if (format_matches(FORMAT_JSON_POINTER, value))
        PROMISE(is_with(FORMAT_RELATIVE_JSON_POINTER, "0", value, ""));
    return 0;
}
