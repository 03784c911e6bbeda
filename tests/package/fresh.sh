#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What a stranger does on a fresh Debian, by the words of README: its `sh` blocks are run there as they stand, by somebody
# who has sudo and whose notes are a copy of VAULT. By hand, as root, where debootstrap is installed:
#
#   tests/package/fresh.sh VAULT [MIRROR]
#
# It takes about 1 GB below $TMPDIR and ten minutes, and removes all of it at the end.

set -euo pipefail
vault=$(realpath "${1:?which notes?}")
tree=$(realpath "$(dirname "$0")/../..")
folder=$(mktemp -d)
root=$folder/debian
trap 'umount -q "$root/proc" || true; rm -rf --one-file-system "$folder"' EXIT

step() { printf '\n== %s\n' "$*"; }
as_stranger() { chroot "$root" su - stranger -c "set -eux; $1"; }
# The N-th `sh` block of README.
block() { awk -v n="$1" '/^```sh$/ { b++; inside = b == n; next } /^```$/ { inside = 0 } inside' "$tree/README.md"; }
until_true() {
  local tries
  for tries in {1..600}; do
    as_stranger "$1" >/dev/null 2>&1 && return
    sleep 0.1
  done
  printf 'this is not so after %d looks: %s\n' "$tries" "$1" >&2
  return 1
}

step "a fresh system"
debootstrap --variant=minbase --include=sudo bookworm "$root" ${2:+"$2"} >"$folder/log" || { tail "$folder/log"; exit 1; }
mount -t proc proc "$root/proc"
chroot "$root" useradd --create-home --shell /bin/bash stranger
echo 'stranger ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/stranger"
git clone --quiet "$tree" "$root/home/stranger/nexus"
cp -R "$vault" "$root/home/stranger/notes"
chroot "$root" chown -R stranger: /home/stranger
sums() { (cd "$root/home/stranger/notes" && find . -path ./.nexus -prune -o -type f -print0 | sort -z | xargs -0 md5sum); }
sums >"$folder/before"

step "README: build and install"
as_stranger "cd nexus; $(block 1 | sed 's/apt install/apt install -y/')"

step "the example program, against what the package installed, in C and C++, by pkg-config and by CMake"
# shellcheck disable=SC2016 # the shell inside expands it
as_stranger '
sudo apt install -y g++
cp -R /usr/share/doc/nexus/examples ~/example && cd ~/example
cc -std=c11 -Wall -Werror example.c -o in-c $(pkg-config --cflags --libs nexus)
c++ -std=c++17 -x c++ -Wall -Werror example.c -o in-cxx $(pkg-config --cflags --libs nexus)
cmake -G Ninja -S . -B build && cmake --build build
for program in ./in-c ./in-cxx build/example; do
  mkdir vault && "$program" vault >said
  grep "an AI sees: Mend the gate" said
  rm -r vault
done'

step "README: on your own notes"
# No systemd runs there: 'nexus watch' follows, as README says.
as_stranger "set +e; $(block 2)
true"
sums | diff "$folder/before" -

step "follow, edit, query"
chroot "$root" su - stranger -c 'nexus -C ~/notes watch' &
until_true 'nexus -C ~/notes status | grep following'
as_stranger 'echo "A harbour of [[Nowhere at all]] #fresh/system" > ~/notes/fresh.md'
until_true "nexus -C ~/notes query \"SELECT tag FROM tags WHERE path = 'fresh.md'\" | grep fresh/system"
as_stranger "sqlite3 -cmd '.timeout 30000' ~/notes/.nexus/vault.sqlite \"UPDATE core_note SET title = 'Fresh' WHERE _path = 'fresh.md'\""
until_true 'grep "title: Fresh" ~/notes/fresh.md'
as_stranger 'cd ~/notes; nexus search harbour --limit 3; nexus links --unresolved | head -n 3; nexus status'

step "leave"
as_stranger 'rm ~/notes/fresh.md; nexus -C ~/notes sync; cd ~/notes; nexus service uninstall'
# shellcheck disable=SC2016 # the shell inside expands it
as_stranger 'kill "$(nexus -C ~/notes status | sed -n "s/.*process \([0-9]*\),.*/\1/p")"'
wait
as_stranger 'rm -r ~/notes/.nexus; sudo apt remove -y nexus; ! command -v nexus'
sums | diff "$folder/before" -
[ -z "$(find "$root/usr" -name '*nexus*')" ]

step "README: without installing it"
as_stranger 'cd nexus; ./dev run </dev/null' | tee "$folder/said"
grep -q "What is open and due?" "$folder/said"
grep -q "[0-9]-[0-9][0-9] *[|│].*projects/garden.md" "$folder/said"

step "all as README says, and nothing is left"
