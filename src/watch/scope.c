// SPDX-License-Identifier: MIT
#include "watch/scope.h"

/** Whether `path` is a folder on the way to `wanted`. */
static bool leads_to(struct str path, struct str wanted)
{
    return wanted.length > path.length && wanted.at[path.length] == '/' &&
           str_starts_with(wanted, path);
}

static bool is_right_in(struct str path, struct str folder)
{
    return str_ends_with(folder, STR("/")) && str_starts_with(path, folder) &&
           str_find(str_slice(path, folder.length, path.length), '/') == STR_NONE;
}

/** What one of the exceptions says: `*ret_below` is set for what lies in a folder that is only
 * watched for the sake of an exception, and is none itself. */
static bool is_exception(struct str also, struct str path, enum entry_kind kind, bool *ret_below)
{
    size_t slash = str_find(also, '/');
    if (kind == ENTRY_FOLDER ? leads_to(path, also) : str_equal(path, also))
        return true;
    if (slash != STR_NONE && str_starts_with(path, str_slice(also, 0, slash + 1)))
        *ret_below = true;
    return false;
}

bool scope_is_database(const struct scope *scope, struct str path)
{
    return scope->database && str_starts_with(path, str_of(scope->database));
}

bool scope_has(const struct scope *scope, struct str path, enum entry_kind kind)
{
    bool is_below = false;
    for (size_t i = 0; scope->also && scope->also[i]; i++) {
        struct str also = str_of(scope->also[i]);
        if (is_exception(also, path, kind, &is_below))
            return true;
        if (kind == ENTRY_FILE && is_right_in(path, also))
            return ignore_rule(scope->ignore, path, kind).length == 0;
    }
    if (scope->database && kind == ENTRY_FOLDER && leads_to(path, str_of(scope->database)))
        return true;
    struct str rule = is_below ? ignore_rule_above(scope->ignore, path, kind)
                               : ignore_rule(scope->ignore, path, kind);
    return rule.length == 0;
}
