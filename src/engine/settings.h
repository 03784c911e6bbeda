// SPDX-License-Identifier: MIT
/*
 * `.nexus/config.json`: one table drives names, defaults, limits and the text that `init` writes.
 *
 * A file that is no JSON object stops the opening of the vault, since its `ignore` may protect
 * something. A value that makes no sense is reported and its default taken; unknown keys are
 * reported and stay.
 */
#ifndef ENGINE_SETTINGS_H
#define ENGINE_SETTINGS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "engine/default_rules.h"
#include "model/problem.h"

enum { SETTINGS_LIMIT_BYTES = 1024 * 1024 }; /* nobody sets that much by hand */

enum conflict_policy { CONFLICT_TIMESTAMP, CONFLICT_MERGE };
enum durability { DURABILITY_NORMAL, DURABILITY_FULL };

struct settings {
    int64_t debounce_ms, max_wait_ms;
    int64_t walk_seconds; /* between two looks at everything while the vault is followed */
    struct str *ignore;   /* gitignore rules */
    size_t ignore_count;
    int64_t conflict; /* enum conflict_policy */
    int64_t brake_files, brake_percent;
    int64_t max_file_bytes;
    int64_t backup_hours, backup_keep;
    int64_t history_days;
    int64_t durability;                /* enum durability */
    int64_t notify;                    /* 0 or 1 */
    struct default_rules permissions;  /* of objects that nobody decided on */
    struct str vault_path, created_at; /* recorded by init */
};

/** Reads the text of a settings file; texts are copied into `arena`. What is odd goes into
 * `problems` (with line and column). NEXUS_ERROR_INVALID when it is no JSON object. An empty text
 * gives the defaults. */
enum nexus_status settings_read(struct settings *settings, struct str text, struct arena *arena,
                                struct problem_list *problems, struct nexus_error *err);

/** What people are told of a setting. */
struct setting_description {
    const char *name, *meaning;
    struct strbuf value, fallback; /* JSON */
    struct strbuf allowed;         /* in words */
    bool is_recorded;              /* by `init`; nobody sets it */
};
/** Describes the setting at `index` (from 0), with its value in `settings`; false behind the last
 * one. The description begins as zeros, is used again for each, and wants its finish. */
bool settings_describe(size_t index, const struct settings *settings,
                       struct setting_description *description);
void setting_description_finish(struct setting_description *description);

/** Appends the settings file `text` with one setting changed, all other bytes as they are; `value`
 * is JSON or a word, NULL the default. NEXUS_ERROR_ARGUMENT when there is no such setting, or the
 * value makes no sense; NEXUS_ERROR_REFUSED when it is recorded. */
enum nexus_status settings_change(struct str text, const char *name, const char *value,
                                  struct strbuf *out, struct nexus_error *err);

/** The text that `init` writes: every setting with its default. */
void settings_write_defaults(struct str vault_path, struct str created_at, struct strbuf *out);

#endif
