#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs a command beside a user manager of systemd, in a mount namespace of its own: `unshare -m manager.sh COMMAND...`.
# The machine need not have been booted with systemd. $HOME and $XDG_RUNTIME_DIR say where.
set -eu
mount --make-rprivate /
mount -t tmpfs none /run/systemd
# What the system's manager would have made: the mark of having booted, and what hides other things.
mkdir -p /run/systemd/system /run/systemd/inaccessible/dir
touch /run/systemd/inaccessible/reg
chmod 000 /run/systemd/inaccessible/*
# Whoever ends this script ends the manager, too.
setpriv --pdeathsig TERM /lib/systemd/systemd --user --log-target=console >"$HOME/manager.log" 2>&1 &
manager=$!
for _ in $(seq 300); do
  state=$(systemctl --user is-system-running 2>/dev/null || true)
  case $state in running | degraded) break ;; esac
  kill -0 "$manager" 2>/dev/null || exit 77
  read -rt 0.1 <> <(:) || true # until it is up
done
code=0
"$@" || code=$?
systemctl --user exit
wait "$manager" || true
exit "$code"
