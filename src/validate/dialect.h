// SPDX-License-Identifier: MIT
/*
 * What a keyword means, by draft and vocabulary: one table for all drafts.
 *
 * A dialect is a draft plus the vocabularies that a custom metaschema switches on; drafts up to 7
 * know no vocabularies and have them all.
 */
#ifndef VALIDATE_DIALECT_H
#define VALIDATE_DIALECT_H

#include "validate/names.h"

enum schema_draft { DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, DRAFT_2020, DRAFT_COUNT };

enum vocabulary {
    VOCABULARY_CORE = 1,
    VOCABULARY_APPLICATOR = 2,
    VOCABULARY_UNEVALUATED = 4,
    VOCABULARY_VALIDATION = 8,
    VOCABULARY_META_DATA = 16,
    VOCABULARY_FORMAT = 32, /* an annotation, as far as the vocabulary says */
    VOCABULARY_FORMAT_ASSERTION = 64,
    VOCABULARY_CONTENT = 128,
};

struct dialect {
    enum schema_draft draft;
    unsigned vocabularies;
};

enum keyword {
    KEYWORD_ID,
    KEYWORD_REF,
    KEYWORD_ANCHOR,
    KEYWORD_DYNAMIC_REF,
    KEYWORD_DYNAMIC_ANCHOR,
    KEYWORD_RECURSIVE_REF,
    KEYWORD_RECURSIVE_ANCHOR,
    KEYWORD_DEFS,
    KEYWORD_DEFINITIONS,
    KEYWORD_TYPE,
    KEYWORD_ENUM,
    KEYWORD_CONST,
    KEYWORD_MULTIPLE_OF,
    KEYWORD_MAXIMUM,
    KEYWORD_EXCLUSIVE_MAXIMUM,
    KEYWORD_MINIMUM,
    KEYWORD_EXCLUSIVE_MINIMUM,
    KEYWORD_MAX_LENGTH,
    KEYWORD_MIN_LENGTH,
    KEYWORD_PATTERN,
    KEYWORD_FORMAT,
    KEYWORD_CONTENT_ENCODING,
    KEYWORD_CONTENT_MEDIA_TYPE,
    KEYWORD_CONTENT_SCHEMA,
    KEYWORD_MAX_ITEMS,
    KEYWORD_MIN_ITEMS,
    KEYWORD_UNIQUE_ITEMS,
    KEYWORD_PREFIX_ITEMS,
    KEYWORD_ITEMS,
    KEYWORD_ADDITIONAL_ITEMS,
    KEYWORD_CONTAINS,
    KEYWORD_MAX_CONTAINS,
    KEYWORD_MIN_CONTAINS,
    KEYWORD_MAX_PROPERTIES,
    KEYWORD_MIN_PROPERTIES,
    KEYWORD_REQUIRED,
    KEYWORD_DEPENDENT_REQUIRED,
    KEYWORD_PROPERTIES,
    KEYWORD_PATTERN_PROPERTIES,
    KEYWORD_ADDITIONAL_PROPERTIES,
    KEYWORD_PROPERTY_NAMES,
    KEYWORD_DEPENDENCIES,
    KEYWORD_DEPENDENT_SCHEMAS,
    KEYWORD_ALL_OF,
    KEYWORD_ANY_OF,
    KEYWORD_ONE_OF,
    KEYWORD_NOT,
    KEYWORD_IF,
    KEYWORD_THEN,
    KEYWORD_ELSE,
    KEYWORD_UNEVALUATED_ITEMS,
    KEYWORD_UNEVALUATED_PROPERTIES,
    KEYWORD_COUNT,
};

/* Where a keyword's value holds schemas. */
enum keyword_shape {
    SHAPE_VALUE,  /* nowhere */
    SHAPE_SCHEMA, /* it is one */
    SHAPE_ARRAY,  /* its items are */
    SHAPE_SCHEMA_OR_ARRAY,
    SHAPE_MAP,            /* its members' values are */
    SHAPE_MAP_OR_STRINGS, /* those of its members' values that are no arrays are */
};

struct keyword_row {
    const char *name;
    uint8_t keyword, drafts, vocabulary, shape;
};

/** What `name` means in the dialect; NULL when it means nothing. */
const struct keyword_row *keyword_find(const struct dialect *dialect, struct str name);
/** Where the values of the schema object's keywords stand, 0 for those it has not. Up to draft 7 a
 *  `$ref` hides all others. */
void keywords_find(const struct dialect *dialect, const struct tape *tape, uint32_t object,
                   uint32_t found[KEYWORD_COUNT]);
/** The keyword (of any draft) that is one letter off `name`, which is none itself; or NULL. Static.
 */
const char *keyword_meant(struct str name);
/** The name as a schema writes it. Static. */
const char *keyword_name(enum keyword keyword);

/** The dialect of a metaschema's URI as `$schema` writes it, with or without "#". False for one
 * that is not built in. */
bool dialect_find(struct str uri, struct dialect *ret_dialect);
/** The vocabulary's bit for the URI, or 0 when it is not known. */
unsigned vocabulary_find(struct str uri);
/** All that a draft's own metaschema has. */
struct dialect dialect_of_draft(enum schema_draft draft);
/** The metaschema's URI, without "#". Static. */
const char *dialect_metaschema_uri(enum schema_draft draft);

/** The built-in metaschema or vocabulary's metaschema with this URI (no fragment): its text and
 * draft. False when there is none. */
bool metaschema_find(struct str uri, struct str *ret_text, enum schema_draft *ret_draft);

#endif
