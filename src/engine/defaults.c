// SPDX-License-Identifier: MIT
#include "engine/defaults.h"

#include "base/hash.h"
#include "engine/audit.h"
#include "engine/permissions_file.h"
#include "engine/permit.h"
#include "store/defaults.h"

enum { PAGE = 64 /* objects, for one transaction */ };

/** One application of the rules. */
struct application {
    struct engine *engine;
    const struct default_rules *rules;
    int64_t since; /* of the feed; -1: all objects */
    bool asks_for_tags;
    uint64_t changed;
};

static struct str describe(const struct application *application, size_t rule, struct arena *arena)
{
    STRBUF_SCOPED words = {0};
    if (rule == RULE_NONE)
        return (struct str){NULL, 0};
    default_rule_describe(&application->rules->items[rule], &words);
    arena->failed |= words.failed;
    return arena_copy(arena, strbuf_str(&words));
}

static struct permission row_of(const struct store_default *object)
{
    return (struct permission){
        .share_with_ai = object->ai_rule.at ? FLAG_YES : FLAG_NO,
        .share_with_cloud = object->cloud_rule.at ? FLAG_YES : FLAG_NO,
        .read_only = FLAG_NO,
    };
}

static enum nexus_status write(struct application *application, const struct store_default *before,
                               const struct store_default *after, struct nexus_error *err)
{
    static const struct permit_by nexus = {"nexus", "rule", ORIGIN_NEXUS};
    struct store *store = application->engine->store;
    struct store_permission_edit edit = {before->object_id, before->uid, row_of(before),
                                         row_of(after)};
    const struct str *rule = after->ai_rule.at      ? &after->ai_rule
                             : after->cloud_rule.at ? &after->cloud_rule
                                                    : NULL;
    application->changed++;
    TRY(store_default_put(store, after, err));
    return permit_record(store, &edit, &nexus, rule ? rule->at : NULL, err);
}

static bool is_same(struct str a, struct str b)
{
    return !a.at == !b.at && str_equal(a, b);
}

static enum nexus_status apply_to(struct application *application,
                                  const struct store_default *object, struct arena *arena,
                                  struct nexus_error *err)
{
    struct default_subject subject = {.path = object->path.at ? object->path : STR(""),
                                      .schema = object->schema};
    struct str *tags = NULL;
    if (application->asks_for_tags)
        TRY(store_folded_tags(application->engine->store, object->object_id, arena, &tags,
                              &subject.tag_count, err));
    subject.tags = tags;
    struct default_answer answer =
        default_decide(application->rules->items, application->rules->count, &subject);
    struct store_default after = *object;
    after.ai_rule = describe(application, answer.share_with_ai ? answer.ai_rule : RULE_NONE, arena);
    after.cloud_rule =
        describe(application, answer.share_with_cloud ? answer.cloud_rule : RULE_NONE, arena);
    if (arena->failed)
        return fail_no_memory(err);
    bool is_as_it_was =
        is_same(object->ai_rule, after.ai_rule) && is_same(object->cloud_rule, after.cloud_rule);
    return is_as_it_was ? NEXUS_OK : write(application, object, &after, err);
}

static enum nexus_status apply_page(struct application *application, int64_t *after, bool *ret_more,
                                    struct arena *arena, struct nexus_error *err)
{
    struct store_default *objects;
    size_t count;
    TRY(store_undecided(application->engine->store, *after, application->since, PAGE, arena,
                        &objects, &count, err));
    for (size_t i = 0; i < count; i++)
        TRY(apply_to(application, &objects[i], arena, err));
    *ret_more = count == PAGE;
    *after = count ? objects[count - 1].object_id : *after;
    return NEXUS_OK;
}

static enum nexus_status commit_or_not(struct store *store, enum nexus_status status,
                                       struct nexus_error *err)
{
    if (status == NEXUS_OK)
        status = store_commit(store, err);
    if (status != NEXUS_OK)
        store_rollback(store);
    return status;
}

static enum nexus_status apply_all(struct application *application, struct nexus_error *err)
{
    struct store *store = application->engine->store;
    int64_t after = 0;
    for (bool more = true; more;) {
        struct arena arena = {0};
        TRY(store_begin(store, application->engine->now_ns(), err));
        enum nexus_status status =
            commit_or_not(store, apply_page(application, &after, &more, &arena, err), err);
        arena_finish(&arena);
        TRY(status);
    }
    return NEXUS_OK;
}

/** Which rules there are now; `at` NULL: none. */
static struct str hash_rules(const struct default_rules *rules, char hash[HASH_TEXT_SIZE])
{
    if (!rules->count)
        return (struct str){NULL, 0};
    return str_of(hash_format(hash_of(rules->json), hash));
}

static enum nexus_status apply(struct application *application, const struct store_rules_mark *was,
                               struct nexus_error *err)
{
    struct engine *engine = application->engine;
    char hash[HASH_TEXT_SIZE];
    struct store_rules_mark is = {.hash = hash_rules(application->rules, hash)};
    bool are_schemas_changed, are_others = !is_same(was->hash, is.hash);
    if (!was->hash.at && !is.hash.at)
        return NEXUS_OK;
    TRY(store_feed_since(engine->store, was->seq, &is.seq, &are_schemas_changed, err));
    if (!are_others && !is.seq)
        return NEXUS_OK;
    application->since = are_others || are_schemas_changed ? -1 : was->seq;
    is.seq = is.seq ? is.seq : was->seq;
    TRY(apply_all(application, err));
    TRY(store_begin(engine->store, engine->now_ns(), err));
    TRY(commit_or_not(engine->store, store_rules_mark_set(engine->store, &is, err), err));
    if (application->changed)
        TRY(audit_copy(engine->nexus_fd, engine->store, err));
    return application->changed || are_others
               ? permissions_file_write(engine->nexus_fd, engine->store, engine->now_ns(), err)
               : NEXUS_OK;
}

enum nexus_status defaults_apply(struct engine *engine, struct nexus_error *err)
{
    struct arena arena = {0};
    struct store_rules_mark was = {0};
    struct application application = {.engine = engine, .rules = &engine->settings.permissions};
    for (size_t i = 0; i < application.rules->count; i++)
        application.asks_for_tags |= application.rules->items[i].tag.at != NULL;
    enum nexus_status status = store_rules_mark_get(engine->store, &arena, &was, err);
    if (status == NEXUS_OK)
        status = apply(&application, &was, err);
    arena_finish(&arena);
    return status;
}
