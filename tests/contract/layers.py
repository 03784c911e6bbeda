# SPDX-License-Identifier: MIT
"""Every include in src/ is one that src/layers.txt allows."""

import pathlib
import re

import tree

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


class Layers:
    """src/layers.txt, read."""

    def __init__(self, path):
        self.layers, self.doors, self.open, self.system = {}, {}, set(), set()
        self.mistakes = []
        for number, line in tree.lines(path):
            verb, _, rest = line.partition(" ")
            head, _, tail = rest.partition(":")
            if not line.strip() or line.startswith("#"):
                continue
            if verb == "layer":
                self.layers[head] = {head, *tail.split()}
            elif verb == "door":
                self.doors[head] = tail.split()
            elif verb == "open":
                self.open.update(rest.split())
            elif verb == "system":
                self.system.update(rest.split())
            else:
                self.mistakes.append(f"src/layers.txt:{number}: no such word: {verb}")

    def wrong_layer(self, layer, header):
        """Why a file of `layer` must not include our `header`, or None."""
        target = header.split("/")[0]
        if header in self.open or target in self.layers[layer]:
            return None
        return f"{layer} must not include {header}"

    def wrong_door(self, name, header):
        """Why the file `name` (below src/) must not include the library's `header`, or None."""
        if header in self.system:
            return None
        if header not in self.doors:
            return f"<{header}> has no door in src/layers.txt"
        allowed = [word for word in self.doors[header] if word != "one"]
        for place in allowed:
            if place == "*" or name == place or (place.endswith("/") and name.startswith(place)):
                return None
        return f"<{header}> may be included only in {' '.join(allowed)}"


def check(root):
    source = pathlib.Path(root) / "src"
    rules = Layers(source / "layers.txt")
    yield from rules.mistakes
    users = {}
    for path, file in tree.sources(root, "src"):
        name = path.removeprefix("src/")
        layer = name.split("/")[0]
        if not name.endswith((".c", ".h")):
            continue
        if layer not in rules.layers:
            yield f"{path}:1: {layer}/ is no layer of src/layers.txt"
            continue
        for number, line in tree.lines(file):
            include = INCLUDE.match(line)
            if not include:
                continue
            bracket, header = include.groups()
            ours = bracket == '"' or header.startswith("nexus/")
            wrong = rules.wrong_layer(layer, header) if ours else rules.wrong_door(name, header)
            if ours and not any((base / header).is_file() for base in (source, source.parent / "include")):
                wrong = f"{header} is not a path below src/ or include/"
            if wrong:
                yield f"{path}:{number}: {wrong}"
            users.setdefault(header, set()).add(path)
    for header, places in rules.doors.items():
        if "one" in places and len(users.get(header, ())) > 1:
            yield f"{', '.join(sorted(users[header]))}: <{header}> has one door, these are {len(users[header])}"


if __name__ == "__main__":
    tree.main(check)
