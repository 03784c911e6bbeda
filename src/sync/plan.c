// SPDX-License-Identifier: MIT
/*
 * The whole policy is `table`. Its rows are what happened to the file, its columns what happened to
 * the row of the database. NEWER is settled by time, or by property where that is the policy; a
 * conflict between an edit and a delete is not: the edit wins, since a delete can be repeated and a
 * lost edit cannot.
 */
#include "sync/plan.h"

enum { NEWER = PLAN_IMPOSSIBLE + 1 }; /* of the table alone */

static const unsigned char table[SIDE_CHANGE_COUNT][SIDE_CHANGE_COUNT] = {
    [SIDE_ABSENT] =
        {
            [SIDE_ABSENT] = PLAN_NOTHING,
            [SIDE_CREATED] = PLAN_WRITE,
            [SIDE_UNCHANGED] = PLAN_IMPOSSIBLE,
            [SIDE_EDITED] = PLAN_IMPOSSIBLE,
            [SIDE_DELETED] = PLAN_IMPOSSIBLE,
        },
    [SIDE_CREATED] =
        {
            [SIDE_ABSENT] = PLAN_STORE,
            [SIDE_CREATED] = PLAN_FILE_WINS, /* two objects want one path; the file has it */
            [SIDE_UNCHANGED] = PLAN_IMPOSSIBLE,
            [SIDE_EDITED] = PLAN_IMPOSSIBLE,
            [SIDE_DELETED] = PLAN_IMPOSSIBLE,
        },
    [SIDE_UNCHANGED] =
        {
            [SIDE_ABSENT] = PLAN_IMPOSSIBLE,
            [SIDE_CREATED] = PLAN_IMPOSSIBLE,
            [SIDE_UNCHANGED] = PLAN_NOTHING,
            [SIDE_EDITED] = PLAN_WRITE,
            [SIDE_DELETED] = PLAN_TRASH,
        },
    [SIDE_EDITED] =
        {
            [SIDE_ABSENT] = PLAN_IMPOSSIBLE,
            [SIDE_CREATED] = PLAN_IMPOSSIBLE,
            [SIDE_UNCHANGED] = PLAN_STORE,
            [SIDE_EDITED] = NEWER,
            [SIDE_DELETED] = PLAN_FILE_WINS, /* the object comes back */
        },
    [SIDE_DELETED] =
        {
            [SIDE_ABSENT] = PLAN_IMPOSSIBLE,
            [SIDE_CREATED] = PLAN_IMPOSSIBLE,
            [SIDE_UNCHANGED] = PLAN_FORGET,
            [SIDE_EDITED] = PLAN_ROW_WINS, /* the file is written again */
            [SIDE_DELETED] = PLAN_FORGET,
        },
};

int64_t plan_counted_ns(const struct plan_input *input, enum side side)
{
    int64_t changed_ns = input->changed_ns[side];
    return changed_ns < input->now_ns ? changed_ns : input->now_ns;
}

enum side plan_newer(const struct plan_input *input)
{
    int64_t file_ns = plan_counted_ns(input, SIDE_FILE), row_ns = plan_counted_ns(input, SIDE_ROW);
    return row_ns - file_ns > input->tick_ns ? SIDE_ROW : SIDE_FILE;
}

enum plan_action plan(const struct plan_input *input)
{
    unsigned action = table[input->change[SIDE_FILE]][input->change[SIDE_ROW]];
    bool are_both_here = input->change[SIDE_FILE] == input->change[SIDE_ROW] &&
                         (action == NEWER || action == PLAN_FILE_WINS);
    if (are_both_here && input->is_same)
        return PLAN_AGREE;
    if (action == NEWER && input->is_merged)
        return PLAN_MERGE;
    if (action == NEWER)
        return plan_newer(input) == SIDE_ROW ? PLAN_ROW_WINS : PLAN_FILE_WINS;
    return (enum plan_action)action;
}

const char *side_change_name(enum side_change change)
{
    switch (change) {
    case SIDE_ABSENT: return "absent";
    case SIDE_CREATED: return "created";
    case SIDE_UNCHANGED: return "unchanged";
    case SIDE_EDITED: return "edited";
    case SIDE_DELETED: return "deleted";
    }
    return "";
}

const char *plan_action_name(enum plan_action action)
{
    switch (action) {
    case PLAN_NOTHING: return "nothing";
    case PLAN_AGREE: return "agree";
    case PLAN_STORE: return "store";
    case PLAN_WRITE: return "write";
    case PLAN_FORGET: return "forget";
    case PLAN_TRASH: return "trash";
    case PLAN_FILE_WINS: return "conflict, the file wins";
    case PLAN_ROW_WINS: return "conflict, the row wins";
    case PLAN_MERGE: return "merge";
    case PLAN_IMPOSSIBLE: return "-";
    }
    return "";
}
