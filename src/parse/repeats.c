// SPDX-License-Identifier: MIT
#include "parse/repeats.h"

#include <stdlib.h>

/* Up to here each key is compared with those before it; above it the keys are sorted, which hostile
 * names cannot slow down as they could a hash table. */
enum { PAIRWISE_LIMIT = 24 };

struct entry {
    uint64_t hash;
    const struct node *node; /* later in the document, higher */
};

static int by_name(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    if (left->hash != right->hash)
        return left->hash < right->hash ? -1 : 1;
    int order = str_compare(node_text(left->node), node_text(right->node));
    return order ? order : (left->node > right->node) - (left->node < right->node);
}

static bool same_name(const struct node *a, const struct node *b)
{
    return a->hash == b->hash && str_equal(node_text(a), node_text(b));
}

static void report(const struct tape *tape, const struct node *first, const struct node *again,
                   struct problem_list *problems)
{
    if (!problems)
        return;
    if (problems->has_error && problems->count == PROBLEM_LIMIT) {
        problems->dropped++; /* finding the line again and again takes time for nobody */
        return;
    }
    problem_add(problems, PROBLEM_ERROR, "duplicate-key", again->start, again->end,
                "the key '%s' is used twice (first in line %u)",
                problem_excerpt(problems, node_text(again)),
                source_line(tape->source, first->start));
}

static bool check_pairs(const struct tape *tape, uint32_t object, struct problem_list *problems)
{
    bool unique = true;
    tape_for_each_member (tape, object, key) {
        for (uint32_t other = object + 1; other < key; other = tape->nodes[other].next) {
            if (!same_name(&tape->nodes[other], &tape->nodes[key]))
                continue;
            report(tape, &tape->nodes[other], &tape->nodes[key], problems);
            unique = false;
            break;
        }
    }
    return unique;
}

static bool check_sorted(const struct tape *tape, struct entry *entries, size_t count,
                         struct problem_list *problems)
{
    bool unique = true;
    qsort(entries, count, sizeof *entries, by_name);
    for (size_t i = 1, first = 0; i < count; i++) {
        if (!same_name(entries[first].node, entries[i].node)) {
            first = i;
            continue;
        }
        report(tape, entries[first].node, entries[i].node, problems);
        unique = false;
    }
    return unique;
}

bool repeats_check(struct tape *tape, uint32_t object, struct problem_list *problems)
{
    size_t count = tape->nodes[object].count, filled = 0;
    if (count <= PAIRWISE_LIMIT)
        return check_pairs(tape, object, problems);
    struct entry *entries = reallocarray(NULL, count, sizeof *entries);
    if (!entries) {
        tape->failed = true;
        return false;
    }
    tape_for_each_member (tape, object, key) {
        entries[filled++] = (struct entry){tape->nodes[key].hash, &tape->nodes[key]};
    }
    bool unique = check_sorted(tape, entries, filled, problems);
    free(entries);
    return unique;
}
