# SPDX-License-Identifier: MIT
"""usage: storm.py FOLDER SEED SECONDS

Does to a folder, at random, what people and programs do to folders, as fast as it can."""

import os
import random
import shutil
import sys
import time

NAMES = ["a", "b", "c", "d"]


def random_path(chance, depth):
    return "/".join(chance.choice(NAMES) for _ in range(chance.randint(1, depth)))


def step(chance):
    path, other = random_path(chance, 3), random_path(chance, 3)
    action = chance.random()
    if action < 0.35:
        with open(path + ".md", "w", encoding="utf-8") as file:
            file.write(str(chance.random()))
    elif action < 0.5:
        os.makedirs(path, exist_ok=True)
    elif action < 0.6:
        os.rename(path, other)
    elif action < 0.75:
        os.rename(path + ".md", other + ".md")
    elif action < 0.82:
        with open("tmp", "w", encoding="utf-8") as file:
            file.write(str(chance.random()))
        os.rename("tmp", path + ".md")
    elif action < 0.92:
        os.unlink(path + ".md")
    elif action < 0.95:
        os.rename(path, "../outside")
        os.rename("../outside", other)
    else:
        shutil.rmtree(path)


def main():
    folder, seed, seconds = sys.argv[1:]
    os.chdir(folder)
    chance = random.Random(int(seed))
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end:
        try:
            step(chance)
        except OSError:
            pass  # what it wanted to work on is not there: that is the point


if __name__ == "__main__":
    main()
