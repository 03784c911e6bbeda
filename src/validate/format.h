// SPDX-License-Identifier: MIT
/*
 * The formats of JSON Schema, drafts 4 to 2020-12 (validation, section 7.3): does a text have the
 * form that a name promises?
 *
 * Each judges the whole text, takes any bytes (NUL, too) and knows ASCII digits only.
 */
#ifndef VALIDATE_FORMAT_H
#define VALIDATE_FORMAT_H

#include "base/str.h"

enum format_id {
    FORMAT_UNKNOWN, /* a name that is not ours: everything is fine */
    FORMAT_DATE_TIME,
    FORMAT_DATE,
    FORMAT_TIME,
    FORMAT_DURATION,
    FORMAT_EMAIL,
    FORMAT_IDN_EMAIL,
    FORMAT_HOSTNAME,
    FORMAT_IDN_HOSTNAME,
    FORMAT_IPV4,
    FORMAT_IPV6,
    FORMAT_URI,
    FORMAT_URI_REFERENCE,
    FORMAT_IRI,
    FORMAT_IRI_REFERENCE,
    FORMAT_URI_TEMPLATE,
    FORMAT_UUID,
    FORMAT_JSON_POINTER,
    FORMAT_RELATIVE_JSON_POINTER,
    FORMAT_REGEX,
};

/** What a name means in `format`, or FORMAT_UNKNOWN. */
enum format_id format_find(struct str name);

/** The name as a schema writes it, such as "date-time". Static. */
const char *format_name(enum format_id id);
/** What a text of this format is, for "must be …": "a date". Static. */
const char *format_description(enum format_id id);
/** A short text that has the format: "2026-01-15". Static. */
const char *format_example(enum format_id id);

bool format_matches(enum format_id id, struct str value);

#endif
