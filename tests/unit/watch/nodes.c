// SPDX-License-Identifier: MIT
#include "watch/nodes.h"

#include "unit/unit.h"

#include <stdio.h>

static const char *path_of(const struct node *node, const char *name, struct strbuf *path)
{
    node_path(node, str_of(name), path);
    return path->at;
}

static void a_path_goes_up_to_the_root(void **state)
{
    (void)state;
    struct nodes nodes;
    STRBUF_SCOPED path = {0};
    assert_true(nodes_init(&nodes));
    struct node *a = nodes_add(&nodes, nodes.root, STR("a"));
    struct node *b = nodes_add(&nodes, a, STR("b b"));
    assert_string_equal(path_of(nodes.root, "", &path), "");
    assert_string_equal(path_of(nodes.root, "f", &path), "f");
    assert_string_equal(path_of(a, "", &path), "a");
    assert_string_equal(path_of(b, "", &path), "a/b b");
    assert_string_equal(path_of(b, "f.md", &path), "a/b b/f.md");
    nodes_finish(&nodes);
}

static void a_folder_moves_with_all_below_it(void **state)
{
    (void)state;
    struct nodes nodes;
    STRBUF_SCOPED path = {0};
    assert_true(nodes_init(&nodes));
    struct node *a = nodes_add(&nodes, nodes.root, STR("a"));
    struct node *b = nodes_add(&nodes, a, STR("b"));
    struct node *c = nodes_add(&nodes, nodes.root, STR("c"));
    assert_true(nodes_set_wd(&nodes, b, 7));
    nodes_detach(&nodes, a);
    assert_ptr_equal(node_top(b), a);
    assert_null(nodes_child(&nodes, nodes.root, STR("a")));
    assert_ptr_equal(nodes_by_wd(&nodes, 7), b);
    assert_true(nodes_attach(&nodes, a, c, STR("z")));
    assert_string_equal(path_of(b, "", &path), "c/z/b");
    assert_ptr_equal(nodes_child(&nodes, c, STR("z")), a);
    assert_ptr_equal(node_top(b), nodes.root);
    nodes_finish(&nodes);
}

static void many_folders_are_all_found(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    struct nodes nodes;
    assert_true(nodes_init(&nodes));
    struct node *parent = nodes.root;
    char name[16];
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "n%d", i);
        struct node *node = nodes_add(&nodes, parent, str_of(name));
        assert_true(nodes_set_wd(&nodes, node, i + 1));
        if (i % 100 == 0)
            parent = node;
    }
    int seen = 0;
    for (struct node *node = nodes.root; node; node = node_after(node, nodes.root)) {
        seen++;
        if (node != nodes.root)
            assert_ptr_equal(nodes_child(&nodes, node->parent, str_of(node->name)), node);
    }
    assert_int_equal(seen, MANY + 1);
    for (int i = 0; i < MANY; i++) {
        struct node *node = nodes_by_wd(&nodes, i + 1);
        snprintf(name, sizeof name, "n%d", i);
        assert_string_equal(node->name, name);
        assert_true(nodes_set_wd(&nodes, node, NO_WD));
        assert_null(nodes_by_wd(&nodes, i + 1));
    }
    assert_int_equal(nodes.count, MANY + 1);
    nodes_finish(&nodes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_goes_up_to_the_root),
        cmocka_unit_test(a_folder_moves_with_all_below_it),
        cmocka_unit_test(many_folders_are_all_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
