// SPDX-License-Identifier: MIT
#include "watch/ignore.h"

#include "base/arena.h"
#include "base/glob.h"

#include <stdlib.h>

enum {
    RULE_LIMIT = 10000, /* each entry is held against each rule */
};

struct rule {
    struct str pattern; /* for glob_match() */
    char first, last; /* what matches begins and ends with; '\0' where the pattern leaves it open */
    struct str label; /* as a person reads it: ".nexusignore:3: drafts/" */
    bool negated;
    bool folders_only;
    bool whole_path; /* against the path from the root, not the name alone */
    bool fixed;      /* no later rule takes it back */
};

struct ignore {
    struct arena arena;
    struct rule *rules;
    size_t count, capacity;
};

/* Names that editors, sync tools and desktops make beside or instead of a person's files: the
 * versions that lost a conflict of Syncthing, Dropbox, Nextcloud, Obsidian or a merge are no notes,
 * they wait for a person. Temporary names that follow no pattern need none: they are gone before a
 * file has been quiet long enough to be read. */
static const char builtin_rules[] = ".*\n"
                                    "node_modules/\n"
                                    "*~\n"
                                    "~$*\n"
                                    "\\#*#\n"
                                    "*.sw[nop]\n"
                                    "*.kate-swp\n"
                                    "*.part\n"
                                    "*.filepart\n"
                                    "*.crdownload\n"
                                    "*.zim-new~\n"
                                    "*___jb_tmp___\n"
                                    "*___jb_old___\n"
                                    "*.sync-conflict-*\n"
                                    "*(*[Cc]onflicted copy*)*\n"
                                    "*.orig\n";

static const char fixed_rules[] = ".nexus\n"
                                  ".nexus-*\n"
                                  ".git\n";

static bool add_rule(struct ignore *ignore, struct rule rule)
{
    if (!array_reserve(&ignore->rules, &ignore->capacity, ignore->count + 1, sizeof rule))
        return false;
    ignore->rules[ignore->count++] = rule;
    return true;
}

/** Trailing blanks do not count unless a backslash stands before them. */
static struct str without_trailing_blanks(struct str line)
{
    if (str_ends_with(line, STR("\r")))
        line.length--;
    while (line.length && line.at[line.length - 1] == ' ' &&
           !(line.length > 1 && line.at[line.length - 2] == '\\'))
        line.length--;
    return line;
}

/** Most names are told from most rules by one byte. */
static void read_ends(struct rule *rule)
{
    struct str pattern = rule->pattern;
    char first = pattern.at[0], last = pattern.at[pattern.length - 1];
    if (first == '\\' && pattern.length > 1)
        rule->first = pattern.at[1];
    else if (!strchr("*?[\\", first))
        rule->first = first;
    if (!strchr("*?]\\", last))
        rule->last = last;
}

/** Reads one line; false when it holds no rule. */
static bool read_rule(struct ignore *ignore, struct str line, struct rule *rule)
{
    line = without_trailing_blanks(line);
    if (!line.length || line.at[0] == '#')
        return false;
    rule->negated = line.at[0] == '!';
    struct str pattern = str_slice(line, rule->negated, line.length);
    rule->folders_only = str_ends_with(pattern, STR("/"));
    if (rule->folders_only)
        pattern.length--;
    rule->whole_path = str_find(pattern, '/') != STR_NONE;
    if (str_starts_with(pattern, STR("/")))
        pattern = str_slice(pattern, 1, pattern.length);
    if (glob_check(pattern))
        return false;
    rule->pattern = arena_copy(&ignore->arena, pattern);
    if (!ignore->arena.failed)
        read_ends(rule);
    return true;
}

static enum nexus_status add_rules(struct ignore *ignore, const char *origin, struct str text,
                                   bool fixed, struct nexus_error *err)
{
    for (size_t number = 1; text.length; number++) {
        size_t end = str_find(text, '\n');
        struct str line = str_slice(text, 0, end);
        text = str_slice(text, end == STR_NONE ? end : end + 1, text.length);
        struct rule rule = {.fixed = fixed};
        if (!read_rule(ignore, line, &rule))
            continue;
        if (ignore->count >= RULE_LIMIT)
            return fail(err, NEXUS_ERROR_LIMIT, "'%s' has more than %d rules", origin, RULE_LIMIT);
        struct str shown = without_trailing_blanks(line);
        rule.label =
            fixed || strcmp(origin, "built in") == 0
                ? arena_format(&ignore->arena, "%s: %.*s", origin, STR_ARG(shown))
                : arena_format(&ignore->arena, "%s:%zu: %.*s", origin, number, STR_ARG(shown));
        if (ignore->arena.failed || !add_rule(ignore, rule))
            return fail_no_memory(err);
    }
    return NEXUS_OK;
}

struct ignore *ignore_new(void)
{
    struct ignore *ignore = calloc(1, sizeof *ignore);
    if (!ignore)
        return NULL;
    if (add_rules(ignore, "built in", str_of(builtin_rules), false, NULL) != NEXUS_OK ||
        add_rules(ignore, "built in", str_of(fixed_rules), true, NULL) != NEXUS_OK) {
        ignore_free(ignore);
        return NULL;
    }
    return ignore;
}

void ignore_free(struct ignore *ignore)
{
    if (!ignore)
        return;
    free(ignore->rules);
    arena_finish(&ignore->arena);
    free(ignore);
}

enum nexus_status ignore_add(struct ignore *ignore, const char *origin, struct str text,
                             struct nexus_error *err)
{
    if (str_starts_with(text, STR("\xEF\xBB\xBF")))
        text = str_slice(text, 3, text.length);
    return add_rules(ignore, origin, text, false, err);
}

static bool rule_matches(const struct rule *rule, struct str path, struct str name,
                         enum entry_kind kind)
{
    if (rule->folders_only && kind != ENTRY_FOLDER)
        return false;
    struct str text = rule->whole_path ? path : name;
    if (!text.length || (rule->first && text.at[0] != rule->first) ||
        (rule->last && text.at[text.length - 1] != rule->last))
        return false;
    return glob_match(rule->pattern, text);
}

struct str ignore_rule(const struct ignore *ignore, struct str path, enum entry_kind kind)
{
    size_t slash = str_find_last(path, '/');
    struct str name = slash == STR_NONE ? path : str_slice(path, slash + 1, path.length);
    const struct rule *last = NULL;
    for (size_t i = 0; i < ignore->count; i++) {
        const struct rule *rule = &ignore->rules[i];
        if (!rule_matches(rule, path, name, kind))
            continue;
        if (rule->fixed)
            return rule->label;
        last = rule;
    }
    return last && !last->negated ? last->label : (struct str){NULL, 0};
}

struct str ignore_rule_above(const struct ignore *ignore, struct str path, enum entry_kind kind)
{
    for (size_t i = 0; i < path.length; i++) {
        if (path.at[i] != '/')
            continue;
        struct str rule = ignore_rule(ignore, str_slice(path, 0, i), ENTRY_FOLDER);
        if (rule.length)
            return rule;
    }
    return ignore_rule(ignore, path, kind);
}

bool ignore_has_path_rules(const struct ignore *ignore)
{
    for (size_t i = 0; i < ignore->count; i++)
        if (ignore->rules[i].whole_path)
            return true;
    return false;
}
