# SPDX-License-Identifier: MIT
"""Checks a document against one of schemas/cli/*.json.

It knows the keywords that those schemas use and refuses any other, so that no rule is skipped
silently. Yields one text a finding.
"""

import json
import pathlib
import re

KINDS = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
}
SILENT = {"$schema", "title", "description", "$defs"}


class Shape:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.root = json.loads(self.path.read_text())

    def check(self, value):
        yield from self.findings(self.root, value, "")

    def resolve(self, reference):
        file, _, pointer = reference.partition("#")
        shape = Shape(self.path.parent / file) if file else self
        schema = shape.root
        for key in pointer.split("/")[1:]:
            schema = schema[key]
        return shape, schema

    def findings(self, schema, value, where):
        for keyword, rule in schema.items():
            if keyword in SILENT or keyword == "additionalProperties":
                continue
            check = getattr(self, "check_" + keyword.lstrip("$"), None)
            if check is None:
                raise ValueError(f"{self.path}: tests/cli/shape.py does not know {keyword}")
            yield from check(rule, value, where)
        if "additionalProperties" in schema:
            yield from self.check_others(schema, value, where)

    def check_ref(self, rule, value, where):
        shape, schema = self.resolve(rule)
        yield from shape.findings(schema, value, where)

    def check_type(self, rule, value, where):
        kinds = rule if isinstance(rule, list) else [rule]
        if not any(KINDS[kind](value) for kind in kinds):
            yield f"{where}: {value!r} is not {' or '.join(kinds)}"

    def check_enum(self, rule, value, where):
        if value not in rule:
            yield f"{where}: {value!r} is not one of {rule}"

    def check_pattern(self, rule, value, where):
        if isinstance(value, str) and not re.search(rule, value):
            yield f"{where}: {value!r} does not match {rule}"

    def check_minimum(self, rule, value, where):
        if KINDS["number"](value) and value < rule:
            yield f"{where}: {value} is below {rule}"

    def check_items(self, rule, value, where):
        for i, item in enumerate(value if isinstance(value, list) else []):
            yield from self.findings(rule, item, f"{where}/{i}")

    def check_properties(self, rule, value, where):
        for key, schema in rule.items():
            if isinstance(value, dict) and key in value:
                yield from self.findings(schema, value[key], f"{where}/{key}")

    def check_others(self, schema, value, where):
        rule = schema["additionalProperties"]
        others = [key for key in value if key not in schema.get("properties", {})] if isinstance(value, dict) else []
        for key in others:
            if rule is False:
                yield f"{where}/{key}: the schema knows no such property"
            else:
                yield from self.findings(rule, value[key], f"{where}/{key}")

    def check_propertyNames(self, rule, value, where):
        for key in value if isinstance(value, dict) else []:
            yield from self.findings(rule, key, f"{where}/{key}")

    def check_required(self, rule, value, where):
        for key in rule:
            if isinstance(value, dict) and key not in value:
                yield f"{where}/{key}: is missing"

    def check_minProperties(self, rule, value, where):
        if isinstance(value, dict) and len(value) < rule:
            yield f"{where}: has fewer than {rule} properties"

    def check_maxProperties(self, rule, value, where):
        if isinstance(value, dict) and len(value) > rule:
            yield f"{where}: has more than {rule} properties"
