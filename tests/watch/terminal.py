# SPDX-License-Identifier: MIT
"""Programs that want a terminal and a person in front of it."""

import os
import pty
import select

LIMIT = 60  # seconds


def type_into(folder, command, keys):
    """Runs a program on a terminal, and types each text once it has drawn something and is done with it."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe(command[0], command, dict(os.environ, TERM="xterm"))
    for text in keys:
        if not select.select([terminal], [], [], LIMIT)[0]:
            raise TimeoutError(f"{command[0]} draws nothing")
        while select.select([terminal], [], [], 0.2)[0]:
            os.read(terminal, 65536)
        os.write(terminal, text)
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass  # it has ended
    os.waitpid(child, 0)
    os.close(terminal)
