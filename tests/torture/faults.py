#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Small plausible bugs are planted into copies of the program, one at a time; the harness that is about each must say so.

usage: faults.py BUILD [--only NAME,...] [--list] [--jobs N] [--in-suite]

BUILD: where a build with its tests is. A fault (planted.py) is one place in one file that says something else. That file
alone is compiled anew, and the programs of the harness are linked with it: no source of the product knows of this. A harness
is a test as ctest knows it, by name. First it runs with the sound programs and must pass; then with the faulty ones of each
fault that it is to catch, and must fail with the words that belong to that fault. --in-suite: this is one of the suite's
tests; the harnesses are others, and need not pass here once more.
"""

import argparse
import functools
import json
import multiprocessing
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time
from typing import NamedTuple

import harness
from planted import PLANTED, Fault

ROOT = pathlib.Path(__file__).resolve().parents[2]
EMBEDDED = "embedded_files.c"
TOLD_LINES = 12
SKIPPED = 77  # as tests/CMakeLists.txt has it


class Result(NamedTuple):
    fault: Fault
    is_caught: bool | None  # None: it was not tried
    line: str
    said: str
    seconds: float


class Builder:
    """What a build knows of how it was made."""

    def __init__(self, build):
        self.build = build.resolve(strict=True)
        commands = json.loads((self.build / "compile_commands.json").read_text())
        self.compilations = {command["file"]: command["command"] for command in commands}

    @functools.cache
    def last_command(self, target):
        """That makes the target."""
        done = subprocess.run(["ninja", "-C", str(self.build), "-t", "commands", target], check=True, capture_output=True, text=True)
        return done.stdout.splitlines()[-1]

    def run(self, command):
        done = subprocess.run(command, shell=True, cwd=self.build, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command}\n{done.stdout}{done.stderr}")

    def compile(self, source, copy, into):
        """The object of a copy of a source; where it lies says nothing to the compiler."""
        words = shlex.split(self.compilations[str(source)])
        words[words.index("-o") + 1] = str(into)
        words[words.index("-c") + 1] = str(copy)
        self.run(shlex.join([*words, "-Wno-error"]))

    def embed(self, place, path, text):
        """The same where the file is one of those that are compiled in."""
        table = f"generated/{EMBEDDED}"
        command = self.last_command(table)
        names = re.search(r"-DFILES=([^\"' ]*)", command.replace("\\", "")).group(1).split("|")
        base = place / "base"
        for name in names:
            (base / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, base / name)
        (base / path).write_text(text)
        made = place / EMBEDDED
        self.run(shlex.join(["cmake", f"-DBASE={base}", f"-DFILES={'|'.join(names)}", f"-DOUTPUT={made}",
                             "-P", str(ROOT / "src/embed.cmake")]))
        return self.build / table, made

    def plant(self, fault):
        """The object that has the fault, and what it stands in the place of."""
        place = self.build / "faults" / fault.name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        source = ROOT / fault.file
        text = source.read_text()
        if text.count(fault.before) != 1:
            raise RuntimeError(f"{fault.file} says {text.count(fault.before)} times: {fault.before}")
        text = text.replace(fault.before, fault.after)
        if source.suffix == ".c":
            copy = place / source.name
            copy.write_text(text)
        else:
            source, copy = self.embed(place, fault.file, text)
        self.compile(source, copy, place / "fault.o")
        return place

    def link(self, place, program):
        """The same program with the fault. A member of an archive is not taken when an object before it has it all."""
        target = program.relative_to(self.build)
        faulty = place / target
        if faulty.exists():
            return faulty
        faulty.parent.mkdir(parents=True, exist_ok=True)
        words = self.last_command(str(target))
        self.run(words.replace(f"-o {target} ", f"-o {shlex.quote(str(faulty))} {shlex.quote(str(place / 'fault.o'))} ", 1))
        return faulty

    def is_program(self, word):
        path = pathlib.Path(word)
        return (path.is_absolute() and path.is_relative_to(self.build) and path.suffix != ".so" and path.is_file()
                and os.access(path, os.X_OK))


def command(builder, fault, place=None):
    """Of its harness, with the faulty programs where `place` is given."""
    def replaced(word):
        return str(builder.link(place, pathlib.Path(word))) if place and builder.is_program(word) else word
    sound = harness.command(builder.build, fault.test, fault.more)
    return harness.Command([replaced(word) for word in sound.words], sound.folder,
                           {name: replaced(value) for name, value in sound.environment.items()})


def judge(builder, fault):
    """What came of it, and whether it was caught, in the words that belong to it."""
    begin = time.monotonic()
    try:
        code, said = harness.run(command(builder, fault, builder.plant(fault)))
    except RuntimeError as error:
        return Result(fault, False, "it cannot be planted", str(error), time.monotonic() - begin)
    seconds = time.monotonic() - begin
    if code == SKIPPED:
        return Result(fault, None, "not tried: its harness is skipped here", said, seconds)
    line = next((line.strip() for line in said.splitlines() if re.search(fault.says, line)), None)
    if code == 0:
        return Result(fault, False, "NOT CAUGHT", said, seconds)
    if not line:
        return Result(fault, False, f"it fails (exit {code}), and does not say '{fault.says}'", said, seconds)
    return Result(fault, True, line, said, seconds)


def judge_all(builder, is_in_suite, faults):
    """Those of one harness, which must pass without them."""
    if is_in_suite:
        return [judge(builder, fault) for fault in faults]
    begin = time.monotonic()
    code, said = harness.run(command(builder, faults[0]))
    if code not in (0, SKIPPED):
        seconds = time.monotonic() - begin
        return [Result(fault, False, f"the harness fails without it (exit {code})", said, seconds) for fault in faults]
    return [judge(builder, fault) for fault in faults]


def by_harness(faults):
    groups = {}
    for fault in faults:
        groups.setdefault((fault.test, fault.more), []).append(fault)
    return groups.values()


def chosen(wanted):
    names = set(wanted.only.split(",")) if wanted.only else {fault.name for fault in PLANTED}
    unknown = names - {fault.name for fault in PLANTED}
    if unknown:
        sys.exit(f"faults: there is no fault {', '.join(sorted(unknown))} (--list tells which there are)")
    return [fault for fault in PLANTED if fault.name in names]


def tell(result):
    fault, is_caught, line, said, seconds = result
    print(f"{fault.name:26} {fault.invariant:3} {fault.test:44} {seconds:4.0f} s  {line[:150]}", flush=True)
    if is_caught is False:
        print("\n".join("    " + line[:300] for line in said.splitlines()[-TOLD_LINES:]), flush=True)
    return {"fault": fault.name, "is": fault.what, "invariant": fault.invariant, "harness": fault.test, "more": list(fault.more),
            "is_caught": is_caught, "caught_by": line, "seconds": round(seconds, 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--in-suite", action="store_true")
    wanted = parser.parse_args()
    faults = chosen(wanted)
    if wanted.list:
        print("\n".join(f"{fault.name:26} {fault.what}" for fault in faults))
        return
    builder = Builder(wanted.build)
    harness.tests(builder.build)  # once for all that are forked
    print(f"{'fault':26} {'':3} {'harness':44} {'':6}  caught by")
    with multiprocessing.get_context("fork").Pool(wanted.jobs) as pool:
        found = pool.imap(functools.partial(judge_all, builder, wanted.in_suite), by_harness(faults))
        results = [tell(result) for results in found for result in results]
    tried = [result for result in results if result["is_caught"] is not None]
    caught = sum(result["is_caught"] for result in tried)
    (builder.build / "faults").mkdir(exist_ok=True)
    (builder.build / "faults" / "report.json").write_text(json.dumps(results, indent=1) + "\n")
    untried = f"; {len(results) - len(tried)} not tried" if len(tried) < len(results) else ""
    print(f"{caught} of {len(tried)} planted faults are caught{untried}")
    sys.exit(0 if caught == len(tried) else 1)


if __name__ == "__main__":
    main()
