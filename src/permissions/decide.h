// SPDX-License-Identifier: MIT
/*
 * Who may do what with one object: the only place that answers this. A pure function of the row,
 * the question and the time.
 *
 * Nothing is shared unless its row says so in words that are understood: a row that is missing, a
 * flag that is neither yes nor no, an end that is no time, all mean no.
 */
#ifndef PERMISSIONS_DECIDE_H
#define PERMISSIONS_DECIDE_H

#include "model/permission.h"

enum permission_action { PERMISSION_READ, PERMISSION_WRITE };

enum permission_rule {
    RULE_UNKNOWN,      /* no: nobody knows whoever asks, or what for */
    RULE_OWNER,        /* yes: it is theirs */
    RULE_READ_ONLY,    /* no: the owner locked it, for themselves, too */
    RULE_SHARED,       /* yes: shared, without an end */
    RULE_SHARED_UNTIL, /* yes: shared, and the end is still to come */
    RULE_NOT_SHARED,   /* no */
    RULE_EXPIRED,      /* no: the end has come */
    RULE_MISSING,      /* no: there is no row */
    RULE_MALFORMED,    /* no: the row cannot be understood */
    RULE_NO_WRITING,   /* no: sharing is for reading */
};
enum { PERMISSION_RULE_COUNT = RULE_NO_WRITING + 1 };

struct permission_question {
    enum audience who;
    enum permission_action what;
    const struct permission *row; /* NULL: there is none */
    int64_t now_ns;               /* the wall clock, which can be set back */
    int64_t clock_mark_ns;        /* the latest time that was ever seen: it is at least that late */
};

struct permission_answer {
    bool is_allowed;
    enum permission_rule rule; /* that decided */
};

struct permission_answer permission_decide(const struct permission_question *question);

/** "not-shared", "expired" …: for logs and tests. Static. */
const char *permission_rule_name(enum permission_rule rule);

#endif
