// SPDX-License-Identifier: MIT
#include "validate/format.h"

#include "validate/format_rules.h"
#include "validate/pattern.h"

static bool is_anything(struct str value)
{
    (void)value;
    return true;
}

static const struct {
    const char *name, *description, *example;
    bool (*matches)(struct str value);
} formats[] = {
    [FORMAT_UNKNOWN] = {"", "any text", "", is_anything},
    [FORMAT_DATE_TIME] = {"date-time", "a date and time with its offset", "2026-01-15T10:30:00Z",
                          format_is_date_time},
    [FORMAT_DATE] = {"date", "a date", "2026-01-15", format_is_date},
    [FORMAT_TIME] = {"time", "a time with its offset", "10:30:00Z", format_is_time},
    [FORMAT_DURATION] = {"duration", "a duration", "P1DT2H30M", format_is_duration},
    [FORMAT_EMAIL] = {"email", "an e-mail address", "jane@example.org", format_is_email},
    [FORMAT_IDN_EMAIL] = {"idn-email", "an e-mail address", "jane@bücher.example",
                          format_is_idn_email},
    [FORMAT_HOSTNAME] = {"hostname", "a host name", "www.example.org", format_is_hostname},
    [FORMAT_IDN_HOSTNAME] = {"idn-hostname", "a host name", "bücher.example",
                             format_is_idn_hostname},
    [FORMAT_IPV4] = {"ipv4", "an IPv4 address", "192.0.2.1", format_is_ipv4},
    [FORMAT_IPV6] = {"ipv6", "an IPv6 address", "2001:db8::1", format_is_ipv6},
    [FORMAT_URI] = {"uri", "a URI", "https://example.org/a?b=c", format_is_uri},
    [FORMAT_URI_REFERENCE] = {"uri-reference", "a URI or a relative reference", "../a?b=c",
                              format_is_uri_reference},
    [FORMAT_IRI] = {"iri", "an IRI", "https://example.org/straße", format_is_iri},
    [FORMAT_IRI_REFERENCE] = {"iri-reference", "an IRI or a relative reference", "../straße",
                              format_is_iri_reference},
    [FORMAT_URI_TEMPLATE] = {"uri-template", "a URI template", "https://example.org/{user}",
                             format_is_uri_template},
    [FORMAT_UUID] = {"uuid", "a UUID", "0190b5a4-5f3e-7c1d-9a2b-3c4d5e6f7081", format_is_uuid},
    [FORMAT_JSON_POINTER] = {"json-pointer", "a JSON Pointer", "/tags/0", format_is_json_pointer},
    [FORMAT_RELATIVE_JSON_POINTER] = {"relative-json-pointer", "a relative JSON Pointer", "1/title",
                                      format_is_relative_json_pointer},
    [FORMAT_REGEX] = {"regex", "a regular expression (ECMA-262)", "^[a-z]+$", pattern_is_valid},
};

#define FORMAT_COUNT (sizeof formats / sizeof formats[0])

enum format_id format_find(struct str name)
{
    for (size_t i = FORMAT_UNKNOWN + 1; i < FORMAT_COUNT; i++)
        if (str_is(name, formats[i].name))
            return (enum format_id)i;
    return FORMAT_UNKNOWN;
}

const char *format_name(enum format_id id)
{
    return formats[id].name;
}

const char *format_description(enum format_id id)
{
    return formats[id].description;
}

const char *format_example(enum format_id id)
{
    return formats[id].example;
}

bool format_matches(enum format_id id, struct str value)
{
    return formats[id].matches(value);
}
