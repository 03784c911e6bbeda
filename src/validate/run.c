// SPDX-License-Identifier: MIT
#include "validate/run.h"

#include <stdlib.h>

struct schema_run *schema_run_new(void)
{
    struct schema_run *run = calloc(1, sizeof *run);
    if (!run)
        return NULL;
    run->patterns = pattern_context_new();
    run->scope = calloc(RUN_DEPTH_LIMIT + 1, sizeof *run->scope);
    if (run->patterns && run->scope)
        return run;
    schema_run_free(run);
    return NULL;
}

void schema_run_free(struct schema_run *run)
{
    if (!run)
        return;
    pattern_context_free(run->patterns);
    tape_finish(&run->content);
    arena_finish(&run->scratch);
    free(run->words);
    free(run->scope);
    free(run);
}

void run_begin(struct schema_run *run, const struct schema *schema, const struct tape *tape,
               uint32_t index)
{
    /* Judging takes some steps for each node; thousands for each mean a schema that explodes. */
    enum { WORK_AT_LEAST = 5000000, WORK_PER_NODE = 200 };
    run->schema = schema;
    run->tape = tape;
    run->nodes = tape->nodes;
    run->work = WORK_AT_LEAST + (int64_t)(tape->nodes[index].next - index) * WORK_PER_NODE;
    run->depth = 0;
    run->is_limited = false;
    run->has_dynamic_scope = schema->has_dynamic_scope;
    run->words_used = 0;
    run->scope_count = 0;
}

size_t words_push(struct schema_run *run, size_t count)
{
    size_t start = run->words_used;
    if (!array_reserve(&run->words, &run->words_capacity, start + count, sizeof *run->words)) {
        run->is_limited = true;
        return WORDS_NONE;
    }
    memset(run->words + start, 0, count * sizeof *run->words);
    run->words_used = start + count;
    return start;
}

marks_offset marks_push(struct schema_run *run, uint32_t count)
{
    return words_push(run, (size_t)count / 64 + 1) + 1; /* WORDS_NONE becomes 0 */
}

void marks_pop(struct schema_run *run, marks_offset marks)
{
    if (marks)
        run->words_used = marks - 1;
}

void marks_add_all(struct schema_run *run, marks_offset marks, marks_offset from, uint32_t count)
{
    for (uint32_t i = 0; i <= count / 64; i++)
        run->words[marks - 1 + i] |= run->words[from - 1 + i];
}

uint32_t run_enter(struct schema_run *run, const struct rule *rule)
{
    uint32_t count = run->scope_count, number = rule->home->number;
    if (run->has_dynamic_scope && (!count || run->scope[count - 1] != number))
        run->scope[run->scope_count++] = number;
    return count;
}

const struct rule *dynamic_rule(const struct schema_run *run, const struct step *step)
{
    for (uint32_t i = 0; i < run->scope_count; i++)
        if (step->dynamic->rules[run->scope[i]])
            return step->dynamic->rules[run->scope[i]];
    return step->rules[0];
}

/** Of a name whose hash does not tell everything. */
__attribute__((noinline)) static uint32_t find_long_member(const struct schema_run *run,
                                                           uint32_t object,
                                                           const struct named *name)
{
    const struct node *nodes = run->nodes;
    for (uint32_t key = object + 1; key < nodes[object].next; key = nodes[key].next)
        if (nodes[key].hash == name->hash && long_names_equal(node_text(&nodes[key]), name->name))
            return key + 1;
    return TAPE_NONE;
}

uint32_t find_member(struct schema_run *run, uint32_t object, const struct named *name)
{
    const struct node *nodes = run->nodes;
    const uint64_t hash = name->hash;
    run->work -= nodes[object].count / 8;
    if (!name_hash_is_exact(hash))
        return find_long_member(run, object, name);
    for (uint32_t key = object + 1, end = nodes[object].next; key < end; key = nodes[key].next)
        if (nodes[key].hash == hash)
            return key + 1;
    return TAPE_NONE;
}

bool schema_accepts(const struct schema *schema, const struct tape *tape, uint32_t index,
                    struct schema_run *run)
{
    run_begin(run, schema, tape, index);
    return accept(run, schema->root, index) && !run_is_over(run);
}
