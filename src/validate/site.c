// SPDX-License-Identifier: MIT
/* Reading one keyword's value. The metaschema has checked most of it, but a custom metaschema may
 * have been lax, and a $ref may lead to what no metaschema looked at. */
#include "validate/compiler.h"

static const char *const wanted[] = {
    [NODE_NULL] = "null",        [NODE_FALSE] = "false",     [NODE_TRUE] = "true",
    [NODE_NUMBER] = "a number",  [NODE_STRING] = "a string", [NODE_ARRAY] = "an array",
    [NODE_OBJECT] = "an object", [NODE_KEY] = "a name",
};

const struct node *site_value(const struct site *site, enum keyword keyword, enum node_type type)
{
    if (!site->found[keyword])
        return NULL;
    const struct node *node = site_node(site, keyword);
    if (node->type == type)
        return node;
    site_complain(site, keyword, "must be %s", wanted[type]);
    return NULL;
}

bool site_count(const struct site *site, enum keyword keyword, uint32_t *ret_count)
{
    const struct node *node = site_value(site, keyword, NODE_NUMBER);
    if (!node)
        return false;
    struct decimal number = decimal_of_node(node);
    if (decimal_to_count(&number, UINT32_MAX, ret_count))
        return true;
    site_complain(site, keyword, "must be a whole number from 0");
    return false;
}

const struct rule *site_rule(const struct site *site, enum keyword keyword)
{
    if (!site->found[keyword])
        return NULL;
    return compiler_rule(site->compiler, site->loaded, site->found[keyword]);
}
