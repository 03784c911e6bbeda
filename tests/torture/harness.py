# SPDX-License-Identifier: MIT
"""A harness is a test as ctest knows it: here its command is found and run, as it is or with other arguments."""

import functools
import json
import shlex
import subprocess
from typing import NamedTuple

LIMIT_S = 3600
NOT_IN_TIME = -1


class Command(NamedTuple):
    words: list
    folder: str
    environment: dict

    def replay(self):
        """The line that does the same again."""
        return f"cd {shlex.quote(self.folder)} && " + shlex.join(
            ["env", *(f"{name}={value}" for name, value in self.environment.items()), *self.words])


@functools.cache
def tests(build):
    done = subprocess.run(["ctest", "--test-dir", str(build), "--show-only=json-v1"], check=True, capture_output=True)
    return {test["name"]: test for test in json.loads(done.stdout)["tests"]}


def command(build, test, more=(), environment=None):
    """Of a test of that build, `more` and `environment` being added to what it has."""
    found = tests(build)[test]
    properties = {each["name"]: each["value"] for each in found["properties"]}
    own = dict(word.split("=", 1) for word in properties.get("ENVIRONMENT", []))
    return Command([*found["command"], *more], properties["WORKING_DIRECTORY"], own | (environment or {}))


def run(what, limit_s=LIMIT_S):
    """Its exit status, and what it said."""
    words = ["env", "-u", "NEXUS_VAULT", "LC_ALL=C.UTF-8", "TZ=UTC", *(f"{name}={value}" for name, value in what.environment.items())]
    try:
        done = subprocess.run([*words, *what.words], cwd=what.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=limit_s, text=True, errors="replace", check=False)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        return NOT_IN_TIME, (late.stdout or b"").decode(errors="replace") + f"\nit does not end within {limit_s} s"
