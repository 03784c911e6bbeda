// SPDX-License-Identifier: MIT
/*
 * Which names of the vault are left alone: gitignore(5)'s language, in three layers. First the
 * rules that are built in (hidden names, editors' temporary and backup files), then the setting
 * `ignore`, then the vault's `.nexusignore`. The last rule that matches decides, so `!` in a later
 * layer takes an earlier rule back. `.nexus` and `.git` are out of reach of any rule.
 *
 * Paths are relative to the vault's root; a vault that lies below a hidden folder is no matter.
 */
#ifndef WATCH_IGNORE_H
#define WATCH_IGNORE_H

#include "base/error.h"
#include "base/str.h"

enum entry_kind { ENTRY_FILE, ENTRY_FOLDER };

struct ignore;

/** Only the built-in rules. NULL when memory is out. */
struct ignore *ignore_new(void);
void ignore_free(struct ignore *ignore);

/** Adds the rules of a text, one a line. `origin` (such as ".nexusignore") is named by
 * ignore_rule(). A line that makes no sense is left out. NEXUS_ERROR_LIMIT past 10,000 rules. */
enum nexus_status ignore_add(struct ignore *ignore, const char *origin, struct str text,
                             struct nexus_error *err);

/** The rule that leaves this entry alone, or an empty text when none does. Looks at this entry
 * only: a walker does not enter an ignored folder. Borrowed until ignore_free(). */
struct str ignore_rule(const struct ignore *ignore, struct str path, enum entry_kind kind);

/** As ignore_rule(), and asks for every folder above the path, too. */
struct str ignore_rule_above(const struct ignore *ignore, struct str path, enum entry_kind kind);

/** Whether a rule looks at more than a name, so that what is below a folder may be left alone, or
 * not any more, when the folder is renamed. */
bool ignore_has_path_rules(const struct ignore *ignore);

#endif
