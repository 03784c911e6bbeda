// SPDX-License-Identifier: MIT
#include "validate/dialect.h"

#include "base/embed.h"
#include "validate/wording.h"

#include <stdlib.h>

enum {
    FROM_4 = 0x1F, /* bit n: draft n of enum schema_draft has the keyword */
    FROM_6 = 0x1E,
    FROM_7 = 0x1C,
    FROM_2019 = 0x18,
    ONLY_2019 = 0x08,
    FROM_2020 = 0x10,
    UNTIL_7 = 0x07,
    UNTIL_2019 = 0x0F,
    ONLY_4 = 0x01,
};

#define VALIDATION VOCABULARY_VALIDATION
#define APPLICATOR VOCABULARY_APPLICATOR
#define UNEVALUATED VOCABULARY_UNEVALUATED
#define CORE VOCABULARY_CORE
#define FORMAT (VOCABULARY_FORMAT | VOCABULARY_FORMAT_ASSERTION)
#define CONTENT VOCABULARY_CONTENT

/* Sorted by name. `dependencies` and `definitions` left the specification with 2019-09, which asks
 * implementations to go on taking them. */
static const struct keyword_row keywords[] = {
    {"$anchor", KEYWORD_ANCHOR, FROM_2019, CORE, SHAPE_VALUE},
    {"$defs", KEYWORD_DEFS, FROM_2019, CORE, SHAPE_MAP},
    {"$dynamicAnchor", KEYWORD_DYNAMIC_ANCHOR, FROM_2020, CORE, SHAPE_VALUE},
    {"$dynamicRef", KEYWORD_DYNAMIC_REF, FROM_2020, CORE, SHAPE_VALUE},
    {"$id", KEYWORD_ID, FROM_6, CORE, SHAPE_VALUE},
    {"$recursiveAnchor", KEYWORD_RECURSIVE_ANCHOR, ONLY_2019, CORE, SHAPE_VALUE},
    {"$recursiveRef", KEYWORD_RECURSIVE_REF, ONLY_2019, CORE, SHAPE_VALUE},
    {"$ref", KEYWORD_REF, FROM_4, CORE, SHAPE_VALUE},
    {"additionalItems", KEYWORD_ADDITIONAL_ITEMS, UNTIL_2019, APPLICATOR, SHAPE_SCHEMA},
    {"additionalProperties", KEYWORD_ADDITIONAL_PROPERTIES, FROM_4, APPLICATOR, SHAPE_SCHEMA},
    {"allOf", KEYWORD_ALL_OF, FROM_4, APPLICATOR, SHAPE_ARRAY},
    {"anyOf", KEYWORD_ANY_OF, FROM_4, APPLICATOR, SHAPE_ARRAY},
    {"const", KEYWORD_CONST, FROM_6, VALIDATION, SHAPE_VALUE},
    {"contains", KEYWORD_CONTAINS, FROM_6, APPLICATOR, SHAPE_SCHEMA},
    {"contentEncoding", KEYWORD_CONTENT_ENCODING, FROM_7, CONTENT, SHAPE_VALUE},
    {"contentMediaType", KEYWORD_CONTENT_MEDIA_TYPE, FROM_7, CONTENT, SHAPE_VALUE},
    {"contentSchema", KEYWORD_CONTENT_SCHEMA, FROM_2019, CONTENT, SHAPE_SCHEMA},
    {"definitions", KEYWORD_DEFINITIONS, FROM_4, CORE, SHAPE_MAP},
    {"dependencies", KEYWORD_DEPENDENCIES, FROM_4, APPLICATOR, SHAPE_MAP_OR_STRINGS},
    {"dependentRequired", KEYWORD_DEPENDENT_REQUIRED, FROM_2019, VALIDATION, SHAPE_VALUE},
    {"dependentSchemas", KEYWORD_DEPENDENT_SCHEMAS, FROM_2019, APPLICATOR, SHAPE_MAP},
    {"else", KEYWORD_ELSE, FROM_7, APPLICATOR, SHAPE_SCHEMA},
    {"enum", KEYWORD_ENUM, FROM_4, VALIDATION, SHAPE_VALUE},
    {"exclusiveMaximum", KEYWORD_EXCLUSIVE_MAXIMUM, FROM_4, VALIDATION, SHAPE_VALUE},
    {"exclusiveMinimum", KEYWORD_EXCLUSIVE_MINIMUM, FROM_4, VALIDATION, SHAPE_VALUE},
    {"format", KEYWORD_FORMAT, FROM_4, FORMAT, SHAPE_VALUE},
    {"id", KEYWORD_ID, ONLY_4, CORE, SHAPE_VALUE},
    {"if", KEYWORD_IF, FROM_7, APPLICATOR, SHAPE_SCHEMA},
    {"items", KEYWORD_ITEMS, FROM_4, APPLICATOR, SHAPE_SCHEMA_OR_ARRAY},
    {"maxContains", KEYWORD_MAX_CONTAINS, FROM_2019, VALIDATION, SHAPE_VALUE},
    {"maxItems", KEYWORD_MAX_ITEMS, FROM_4, VALIDATION, SHAPE_VALUE},
    {"maxLength", KEYWORD_MAX_LENGTH, FROM_4, VALIDATION, SHAPE_VALUE},
    {"maxProperties", KEYWORD_MAX_PROPERTIES, FROM_4, VALIDATION, SHAPE_VALUE},
    {"maximum", KEYWORD_MAXIMUM, FROM_4, VALIDATION, SHAPE_VALUE},
    {"minContains", KEYWORD_MIN_CONTAINS, FROM_2019, VALIDATION, SHAPE_VALUE},
    {"minItems", KEYWORD_MIN_ITEMS, FROM_4, VALIDATION, SHAPE_VALUE},
    {"minLength", KEYWORD_MIN_LENGTH, FROM_4, VALIDATION, SHAPE_VALUE},
    {"minProperties", KEYWORD_MIN_PROPERTIES, FROM_4, VALIDATION, SHAPE_VALUE},
    {"minimum", KEYWORD_MINIMUM, FROM_4, VALIDATION, SHAPE_VALUE},
    {"multipleOf", KEYWORD_MULTIPLE_OF, FROM_4, VALIDATION, SHAPE_VALUE},
    {"not", KEYWORD_NOT, FROM_4, APPLICATOR, SHAPE_SCHEMA},
    {"oneOf", KEYWORD_ONE_OF, FROM_4, APPLICATOR, SHAPE_ARRAY},
    {"pattern", KEYWORD_PATTERN, FROM_4, VALIDATION, SHAPE_VALUE},
    {"patternProperties", KEYWORD_PATTERN_PROPERTIES, FROM_4, APPLICATOR, SHAPE_MAP},
    {"prefixItems", KEYWORD_PREFIX_ITEMS, FROM_2020, APPLICATOR, SHAPE_ARRAY},
    {"properties", KEYWORD_PROPERTIES, FROM_4, APPLICATOR, SHAPE_MAP},
    {"propertyNames", KEYWORD_PROPERTY_NAMES, FROM_6, APPLICATOR, SHAPE_SCHEMA},
    {"required", KEYWORD_REQUIRED, FROM_4, VALIDATION, SHAPE_VALUE},
    {"then", KEYWORD_THEN, FROM_7, APPLICATOR, SHAPE_SCHEMA},
    {"type", KEYWORD_TYPE, FROM_4, VALIDATION, SHAPE_VALUE},
    {"unevaluatedItems", KEYWORD_UNEVALUATED_ITEMS, FROM_2019, UNEVALUATED, SHAPE_SCHEMA},
    {"unevaluatedProperties", KEYWORD_UNEVALUATED_PROPERTIES, FROM_2019, UNEVALUATED, SHAPE_SCHEMA},
    {"uniqueItems", KEYWORD_UNIQUE_ITEMS, FROM_4, VALIDATION, SHAPE_VALUE},
};

enum { ROW_COUNT = sizeof keywords / sizeof keywords[0] };

static int by_name(const void *name, const void *row)
{
    return str_compare(*(const struct str *)name, str_of(((const struct keyword_row *)row)->name));
}

const struct keyword_row *keyword_find(const struct dialect *dialect, struct str name)
{
    const struct keyword_row *row =
        bsearch(&name, keywords, ROW_COUNT, sizeof keywords[0], by_name);
    if (!row || !(row->drafts >> dialect->draft & 1))
        return NULL;
    if (row->vocabulary != CORE && !(row->vocabulary & dialect->vocabularies))
        return NULL;
    return row;
}

void keywords_find(const struct dialect *dialect, const struct tape *tape, uint32_t object,
                   uint32_t found[KEYWORD_COUNT])
{
    memset(found, 0, KEYWORD_COUNT * sizeof *found);
    tape_for_each_member (tape, object, key) {
        const struct keyword_row *row = keyword_find(dialect, node_text(&tape->nodes[key]));
        if (row)
            found[row->keyword] = key + 1;
    }
    if (dialect->draft <= DRAFT_7 && found[KEYWORD_REF]) {
        uint32_t reference = found[KEYWORD_REF];
        memset(found, 0, KEYWORD_COUNT * sizeof *found);
        found[KEYWORD_REF] = reference;
    }
}

/** What stands in most schemas and asserts nothing. */
static bool is_annotation(struct str name)
{
    static const char *const names[] = {"title",    "description", "default",    "examples",
                                        "$comment", "$schema",     "deprecated", "$vocabulary"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

const char *keyword_meant(struct str name)
{
    enum { SHORTEST = 5 }; /* "nots" may be a word of its own */
    if (name.length < SHORTEST || is_annotation(name) ||
        bsearch(&name, keywords, ROW_COUNT, sizeof keywords[0], by_name) != NULL)
        return NULL;
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (edit_distance(name, str_of(keywords[i].name)) == 1)
            return keywords[i].name;
    return NULL;
}

const char *keyword_name(enum keyword keyword)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (keywords[i].keyword == keyword)
            return keywords[i].name;
    return "";
}

static const char *const draft_uris[DRAFT_COUNT] = {
    [DRAFT_4] = "http://json-schema.org/draft-04/schema",
    [DRAFT_6] = "http://json-schema.org/draft-06/schema",
    [DRAFT_7] = "http://json-schema.org/draft-07/schema",
    [DRAFT_2019] = "https://json-schema.org/draft/2019-09/schema",
    [DRAFT_2020] = "https://json-schema.org/draft/2020-12/schema",
};

const char *dialect_metaschema_uri(enum schema_draft draft)
{
    return draft_uris[draft];
}

struct dialect dialect_of_draft(enum schema_draft draft)
{
    const unsigned all = CORE | APPLICATOR | UNEVALUATED | VALIDATION | VOCABULARY_META_DATA |
                         VOCABULARY_FORMAT | CONTENT;
    return (struct dialect){draft, all};
}

/** Without the scheme, which both http and https stand for, and without an empty fragment. */
static struct str essence(struct str uri)
{
    if (str_ends_with(uri, STR("#")))
        uri.length--;
    if (str_starts_with(uri, STR("https://")))
        return str_slice(uri, 8, uri.length);
    if (str_starts_with(uri, STR("http://")))
        return str_slice(uri, 7, uri.length);
    return (struct str){NULL, 0};
}

bool dialect_find(struct str uri, struct dialect *ret_dialect)
{
    struct str wanted = essence(uri);
    for (int draft = 0; wanted.length && draft < DRAFT_COUNT; draft++) {
        if (!str_equal(wanted, essence(str_of(draft_uris[draft]))))
            continue;
        *ret_dialect = dialect_of_draft((enum schema_draft)draft);
        return true;
    }
    return false;
}

static const struct {
    const char *name;
    unsigned bit;
} vocabularies[] = {
    {"2019-09/vocab/core", CORE},
    {"2019-09/vocab/applicator", APPLICATOR | UNEVALUATED}, /* split only later */
    {"2019-09/vocab/validation", VALIDATION},
    {"2019-09/vocab/meta-data", VOCABULARY_META_DATA},
    {"2019-09/vocab/format", VOCABULARY_FORMAT},
    {"2019-09/vocab/content", CONTENT},
    {"2020-12/vocab/core", CORE},
    {"2020-12/vocab/applicator", APPLICATOR},
    {"2020-12/vocab/unevaluated", UNEVALUATED},
    {"2020-12/vocab/validation", VALIDATION},
    {"2020-12/vocab/meta-data", VOCABULARY_META_DATA},
    {"2020-12/vocab/format-annotation", VOCABULARY_FORMAT},
    {"2020-12/vocab/format-assertion", VOCABULARY_FORMAT_ASSERTION},
    {"2020-12/vocab/content", CONTENT},
};

unsigned vocabulary_find(struct str uri)
{
    static const struct str prefix = {"https://json-schema.org/draft/", 30};
    if (!str_starts_with(uri, prefix))
        return 0;
    struct str name = str_slice(uri, prefix.length, uri.length);
    for (size_t i = 0; i < sizeof vocabularies / sizeof vocabularies[0]; i++)
        if (str_is(name, vocabularies[i].name))
            return vocabularies[i].bit;
    return 0;
}

static const struct {
    const char *name; /* behind "json-schema.org/" */
    enum schema_draft draft;
    const char *path;
} metaschemas[] = {
    {"draft-04/schema", DRAFT_4, "schemas/metaschemas/draft-04.json"},
    {"draft-06/schema", DRAFT_6, "schemas/metaschemas/draft-06.json"},
    {"draft-07/schema", DRAFT_7, "schemas/metaschemas/draft-07.json"},
    {"draft/2019-09/schema", DRAFT_2019, "schemas/metaschemas/2019-09/schema.json"},
    {"draft/2019-09/meta/core", DRAFT_2019, "schemas/metaschemas/2019-09/core.json"},
    {"draft/2019-09/meta/applicator", DRAFT_2019, "schemas/metaschemas/2019-09/applicator.json"},
    {"draft/2019-09/meta/validation", DRAFT_2019, "schemas/metaschemas/2019-09/validation.json"},
    {"draft/2019-09/meta/meta-data", DRAFT_2019, "schemas/metaschemas/2019-09/meta-data.json"},
    {"draft/2019-09/meta/format", DRAFT_2019, "schemas/metaschemas/2019-09/format.json"},
    {"draft/2019-09/meta/content", DRAFT_2019, "schemas/metaschemas/2019-09/content.json"},
    {"draft/2020-12/schema", DRAFT_2020, "schemas/metaschemas/2020-12/schema.json"},
    {"draft/2020-12/meta/core", DRAFT_2020, "schemas/metaschemas/2020-12/core.json"},
    {"draft/2020-12/meta/applicator", DRAFT_2020, "schemas/metaschemas/2020-12/applicator.json"},
    {"draft/2020-12/meta/unevaluated", DRAFT_2020, "schemas/metaschemas/2020-12/unevaluated.json"},
    {"draft/2020-12/meta/validation", DRAFT_2020, "schemas/metaschemas/2020-12/validation.json"},
    {"draft/2020-12/meta/meta-data", DRAFT_2020, "schemas/metaschemas/2020-12/meta-data.json"},
    {"draft/2020-12/meta/format-annotation", DRAFT_2020,
     "schemas/metaschemas/2020-12/format-annotation.json"},
    {"draft/2020-12/meta/format-assertion", DRAFT_2020,
     "schemas/metaschemas/2020-12/format-assertion.json"},
    {"draft/2020-12/meta/content", DRAFT_2020, "schemas/metaschemas/2020-12/content.json"},
};

bool metaschema_find(struct str uri, struct str *ret_text, enum schema_draft *ret_draft)
{
    struct str wanted = essence(uri);
    if (!str_starts_with(wanted, STR("json-schema.org/")))
        return false;
    wanted = str_slice(wanted, STR("json-schema.org/").length, wanted.length);
    for (size_t i = 0; i < sizeof metaschemas / sizeof metaschemas[0]; i++) {
        if (!str_is(wanted, metaschemas[i].name))
            continue;
        *ret_text = embedded_text(metaschemas[i].path);
        *ret_draft = metaschemas[i].draft;
        return true;
    }
    return false;
}
