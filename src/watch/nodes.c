// SPDX-License-Identifier: MIT
#include "watch/nodes.h"

#include "base/hash.h"

#include <assert.h>
#include <stdlib.h>

static uint64_t mix(uint64_t number)
{
    number *= UINT64_C(0x9E3779B97F4A7C15);
    return number ^ number >> 32;
}

static uint64_t hash_name(const struct node *parent, struct str name)
{
    struct hash hash = hash_of(name);
    uint64_t first;
    memcpy(&first, hash.bytes, sizeof first);
    return mix(first ^ (uintptr_t)parent);
}

static struct node **by_name(const struct nodes *nodes, const struct node *parent, struct str name)
{
    return &nodes->names.buckets[hash_name(parent, name) & (nodes->names.bucket_count - 1)];
}

static struct node **by_wd(const struct nodes *nodes, int wd)
{
    return &nodes->wds.buckets[mix((uint64_t)wd) & (nodes->wds.bucket_count - 1)];
}

/* --- the two tables -------------------------------------------------------------------------- */

static void chain_name(struct nodes *nodes, struct node *node)
{
    struct node **bucket = by_name(nodes, node->parent, str_of(node->name));
    node->name_chain = *bucket;
    *bucket = node;
}

static void unchain_name(struct nodes *nodes, struct node *node)
{
    struct node **link = by_name(nodes, node->parent, str_of(node->name));
    while (*link != node)
        link = &(*link)->name_chain;
    *link = node->name_chain;
}

static void chain_wd(struct nodes *nodes, struct node *node)
{
    struct node **bucket = by_wd(nodes, node->wd);
    node->wd_chain = *bucket;
    *bucket = node;
}

static void unchain_wd(struct nodes *nodes, struct node *node)
{
    struct node **link = by_wd(nodes, node->wd);
    while (*link != node)
        link = &(*link)->wd_chain;
    *link = node->wd_chain;
}

/** Room for one more; `ret_old` are the buckets to move over and free, NULL: none. */
static bool grow_table(struct node_table *table, struct node ***ret_old, size_t *ret_old_count)
{
    *ret_old = NULL;
    *ret_old_count = table->bucket_count;
    if (table->count < table->bucket_count)
        return true;
    size_t wanted = table->bucket_count ? table->bucket_count * 2 : 64;
    struct node **buckets = calloc(wanted, sizeof(struct node *));
    if (!buckets)
        return false;
    *ret_old = table->buckets;
    table->buckets = buckets;
    table->bucket_count = wanted;
    return true;
}

static bool grow_names(struct nodes *nodes)
{
    struct node **old;
    size_t count;
    if (!grow_table(&nodes->names, &old, &count))
        return false;
    for (size_t i = 0; old && i < count; i++) {
        for (struct node *node = old[i], *next; node; node = next) {
            next = node->name_chain;
            chain_name(nodes, node);
        }
    }
    free(old);
    return true;
}

static bool grow_wds(struct nodes *nodes)
{
    struct node **old;
    size_t count;
    if (!grow_table(&nodes->wds, &old, &count))
        return false;
    for (size_t i = 0; old && i < count; i++) {
        for (struct node *node = old[i], *next; node; node = next) {
            next = node->wd_chain;
            chain_wd(nodes, node);
        }
    }
    free(old);
    return true;
}

/* --- the tree -------------------------------------------------------------------------------- */

static struct node *node_new(struct str name)
{
    struct node *node = calloc(1, sizeof *node);
    if (!node)
        return NULL;
    node->wd = NO_WD;
    node->name = strndup(name.at, name.length);
    if (node->name)
        return node;
    free(node);
    return NULL;
}

bool nodes_init(struct nodes *nodes)
{
    *nodes = (struct nodes){.root = node_new(STR("")), .count = 1};
    return nodes->root && grow_names(nodes) && grow_wds(nodes);
}

void nodes_finish(struct nodes *nodes)
{
    while (nodes->root && nodes->root->first_child) {
        struct node *node = nodes->root->first_child;
        while (node->first_child)
            node = node->first_child;
        nodes_detach(nodes, node);
        nodes_free(nodes, node);
    }
    if (nodes->root)
        nodes_free(nodes, nodes->root);
    free(nodes->names.buckets);
    free(nodes->wds.buckets);
    *nodes = (struct nodes){0};
}

bool nodes_attach(struct nodes *nodes, struct node *node, struct node *parent, struct str name)
{
    assert(!node->parent && !nodes_child(nodes, parent, name));
    char *copy = strndup(name.at, name.length);
    if (!copy || !grow_names(nodes)) {
        free(copy);
        return false;
    }
    free(node->name);
    node->name = copy;
    node->parent = parent;
    node->previous = NULL;
    node->next = parent->first_child;
    if (node->next)
        node->next->previous = node;
    parent->first_child = node;
    chain_name(nodes, node);
    nodes->names.count++;
    return true;
}

void nodes_detach(struct nodes *nodes, struct node *node)
{
    unchain_name(nodes, node);
    nodes->names.count--;
    if (node->previous)
        node->previous->next = node->next;
    else
        node->parent->first_child = node->next;
    if (node->next)
        node->next->previous = node->previous;
    node->parent = node->next = node->previous = NULL;
}

struct node *nodes_add(struct nodes *nodes, struct node *parent, struct str name)
{
    struct node *node = node_new(name);
    if (!node)
        return NULL;
    if (!nodes_attach(nodes, node, parent, name)) {
        free(node->name);
        free(node);
        return NULL;
    }
    nodes->count++;
    return node;
}

void nodes_free(struct nodes *nodes, struct node *node)
{
    assert(!node->parent && !node->first_child);
    nodes_set_wd(nodes, node, NO_WD);
    nodes->count--;
    free(node->name);
    free(node);
}

struct node *nodes_child(const struct nodes *nodes, const struct node *parent, struct str name)
{
    struct node *node = *by_name(nodes, parent, name);
    while (node && !(node->parent == parent && str_is(name, node->name)))
        node = node->name_chain;
    return node;
}

struct node *nodes_by_wd(const struct nodes *nodes, int wd)
{
    struct node *node = *by_wd(nodes, wd);
    while (node && node->wd != wd)
        node = node->wd_chain;
    return node;
}

bool nodes_set_wd(struct nodes *nodes, struct node *node, int wd)
{
    if (node->wd == wd)
        return true;
    if (node->wd != NO_WD) {
        unchain_wd(nodes, node);
        nodes->wds.count--;
        node->wd = NO_WD;
    }
    if (wd == NO_WD)
        return true;
    if (!grow_wds(nodes))
        return false;
    node->wd = wd;
    chain_wd(nodes, node);
    nodes->wds.count++;
    return true;
}

bool node_is_below(const struct node *node, const struct node *above)
{
    while (node && node != above)
        node = node->parent;
    return node;
}

struct node *node_top(struct node *node)
{
    while (node->parent)
        node = node->parent;
    return node;
}

struct node *node_after(const struct node *node, const struct node *top)
{
    if (node->first_child)
        return node->first_child;
    while (node != top && !node->next)
        node = node->parent;
    return node == top ? NULL : node->next;
}

void node_path(const struct node *node, struct str name, struct strbuf *path)
{
    size_t length = name.length;
    for (const struct node *at = node; at->parent; at = at->parent)
        length += strlen(at->name) + (length > 0);
    strbuf_reset(path);
    char *room = strbuf_reserve(path, length + 1);
    if (!room)
        return;
    char *end = room + length;
    path->length = length;
    *end = '\0';
    end -= name.length;
    if (name.length)
        memcpy(end, name.at, name.length);
    for (const struct node *at = node; at->parent; at = at->parent) {
        if (end < room + length)
            *--end = '/';
        end -= strlen(at->name);
        memcpy(end, at->name, strlen(at->name));
    }
}
