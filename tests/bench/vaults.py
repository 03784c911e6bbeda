# SPDX-License-Identifier: MIT
"""Vaults to measure on. The same numbers give the same bytes, on any machine.

A note is what people write: front matter in most, some links, now and then a task or a heading, and
about 150 words whose frequencies fall as those of a language do (Zipf), so that the full text index
has its few very common words and its many rare ones.
"""

import itertools
import json
import random

SYLLABLES = [a + b for a in "b d f g k l m n p r s t v z ch st tr gr".split() for b in "a e i o u ai an er in or".split()]
WORDS = 20000
NOTES_IN_FOLDER = 100
TAGS = [f"{area}/{part}" if part else area
        for area in "project garden reading meeting recipe person place idea".split()
        for part in ["", *(f"part{n}" for n in range(12))]]
STATES = ["open", "active", "waiting", "done"]


def make_words(chance):
    words = {}
    while len(words) < WORDS:
        words["".join(chance.choice(SYLLABLES) for _ in range(chance.randint(1, 4)))] = None
    return list(words)


class Writer:
    def __init__(self, notes, seed=1):
        self.chance = random.Random(seed)
        self.words = make_words(self.chance)
        self.weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(WORDS)))
        self.notes = notes

    def text(self, count):
        return self.chance.choices(self.words, cum_weights=self.weights, k=count)

    def day(self):
        return f"2026-{self.chance.randint(1, 12):02}-{self.chance.randint(1, 28):02}"

    def link(self):
        return f"[[{note_name(int(self.notes * self.chance.random() ** 2))}]]"

    def front_matter(self):
        tags = ", ".join(self.chance.sample(TAGS, self.chance.randint(1, 3)))
        return (f"---\ntags: [{tags}]\nstatus: {self.chance.choice(STATES)}\n"
                f"rating: {self.chance.randint(1, 5)}\ncreated: {self.day()}\n---\n")

    def paragraph(self):
        words = self.text(self.chance.randint(20, 80))
        if self.chance.random() < 0.7:
            words.insert(self.chance.randrange(len(words)), self.link())
        if self.chance.random() < 0.2:
            words.append(f"#{self.chance.choice(TAGS)}")
        return " ".join(words).capitalize() + ".\n"

    def task(self):
        box = "x" if self.chance.random() < 0.4 else " "
        due = f" 📅 {self.day()}" if self.chance.random() < 0.6 else ""
        return f"- [{box}] {' '.join(self.text(5))}{due}\n"

    def note(self, number):
        parts = [self.front_matter()] if self.chance.random() < 0.7 else []
        parts.append(f"# {' '.join(self.text(3)).title()} {number}\n")
        for _ in range(self.chance.randint(1, 5)):
            if self.chance.random() < 0.25:
                parts.append(f"## {' '.join(self.text(2)).title()}\n")
            parts.append(self.paragraph())
        if self.chance.random() < 0.25:
            parts.append("".join(self.task() for _ in range(self.chance.randint(1, 4))))
        return "\n".join(parts)

    def item(self, number):
        return {"id": number, "text": " ".join(self.text(6)), "completed": self.chance.random() < 0.5,
                "due": self.day(), "priority": self.chance.choice(["low", "medium", "high"])}


def note_name(number):
    return f"note {number}"


def note_path(number):
    return f"folder {number // NOTES_IN_FOLDER}/{note_name(number)}.md"


def write_notes(root, count, seed=1):
    writer = Writer(count, seed)
    for number in range(count):
        path = root / note_path(number)
        if number % NOTES_IN_FOLDER == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(writer.note(number))


def write_collection(root, count, seed=1):
    writer = Writer(1, seed)
    root.mkdir(parents=True, exist_ok=True)
    items = ",\n    ".join(json.dumps(writer.item(number)) for number in range(count))
    (root / "todos.json").write_text(f'{{\n  "schema": "core.todo",\n  "version": 1,\n  "data": [\n    {items}\n  ]\n}}\n')
