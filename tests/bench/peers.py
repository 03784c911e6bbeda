# SPDX-License-Identifier: MIT
"""What people use today: MarkdownDB and what one would write oneself, by npm into build/bench/peers, and recoll and
LocalSearch where they are installed."""

import json
import os
import pathlib
import shutil
import subprocess

import measure

FOLDER = measure.ROOT / "build" / "bench" / "peers"
PACKAGES = ["mddb@0.9.5", "better-sqlite3@12", "gray-matter@4", "remark@15", "remark-frontmatter@5", "unist-util-visit@5"]

SCRIPT = r"""
import fs from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import matter from "gray-matter";
import {remark} from "remark";
import {visit} from "unist-util-visit";
const [root, target] = process.argv.slice(2);
fs.rmSync(target, {force: true});
const db = new Database(target);
db.pragma("journal_mode = WAL");
db.exec(`CREATE TABLE notes(id INTEGER PRIMARY KEY, path TEXT UNIQUE, front TEXT, body TEXT);
  CREATE TABLE tags(note INTEGER, tag TEXT); CREATE TABLE links(note INTEGER, target TEXT);
  CREATE TABLE headings(note INTEGER, level INTEGER, text TEXT); CREATE TABLE tasks(note INTEGER, done INTEGER, text TEXT);
  CREATE VIRTUAL TABLE search USING fts5(body, content='notes', content_rowid='id');
  CREATE INDEX tags_tag ON tags(tag); CREATE INDEX links_target ON links(target);`);
const insert = {
  note: db.prepare("INSERT INTO notes(path, front, body) VALUES(?, ?, ?)"), tag: db.prepare("INSERT INTO tags VALUES(?, ?)"),
  link: db.prepare("INSERT INTO links VALUES(?, ?)"), heading: db.prepare("INSERT INTO headings VALUES(?, ?, ?)"),
  task: db.prepare("INSERT INTO tasks VALUES(?, ?, ?)"), search: db.prepare("INSERT INTO search(rowid, body) VALUES(?, ?)"),
};
const parser = remark();
const textOf = node => node.value ?? (node.children ?? []).map(textOf).join("");
db.transaction(() => {
  for (const entry of fs.readdirSync(root, {recursive: true, withFileTypes: true})) {
    if (!entry.isFile() || !entry.name.endsWith(".md")) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    let front = {}, body = fs.readFileSync(file, "utf8");
    try { const parsed = matter(body, {}); front = parsed.data; body = parsed.content; } catch {}
    const id = insert.note.run(path.relative(root, file), JSON.stringify(front), body).lastInsertRowid;
    for (const tag of [front.tags ?? []].flat()) insert.tag.run(id, String(tag));
    for (const [, tag] of body.matchAll(/(?:^|\s)#([\p{L}\w/-]+)/gu)) insert.tag.run(id, tag);
    for (const [, link] of body.matchAll(/\[\[([^\]|#]+)/g)) insert.link.run(id, link);
    for (const [, box, text] of body.matchAll(/^\s*- \[(.)\] (.*)$/gm)) insert.task.run(id, box === "x" ? 1 : 0, text);
    visit(parser.parse(body), node => {
      if (node.type === "heading") insert.heading.run(id, node.depth, textOf(node));
      if (node.type === "link") insert.link.run(id, node.url);
    });
    insert.search.run(id, body);
  }
})();
"""


def install():
    """Which of them can be had: name -> run(root, scratch) -> costs."""
    found = dict(RUNS_OF_NODE) if install_by_npm() else {}
    if shutil.which("recollindex"):
        found["recoll"] = run_recoll
    else:
        print("left out: recoll is not installed")
    if all(shutil.which(program) for program in ("tracker3", "dbus-run-session")):
        found["localsearch"] = run_localsearch
    else:
        print("left out: LocalSearch (tracker-miner-fs) is not installed")
    return found


def install_by_npm():
    if not shutil.which("node") or not shutil.which("npm"):
        print("left out: MarkdownDB and the script need node and npm")
        return False
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "index.mjs").write_text(SCRIPT)
    if not (FOLDER / "node_modules" / "mddb").is_dir():
        (FOLDER / "package.json").write_text('{"private": true}\n')
        measure.run(["npm", "install", "--no-audit", "--no-fund", "--silent", *PACKAGES], cwd=FOLDER)
    return True


def run_script(root, scratch):
    return measure.costs_of(["node", FOLDER / "index.mjs", root, scratch / "script.sqlite"], scratch)


def run_mddb(root, scratch):
    (scratch / "markdown.db").unlink(missing_ok=True)
    return measure.costs_of([FOLDER / "node_modules" / ".bin" / "mddb", root], scratch)


def run_recoll(root, scratch):
    """Full text alone, in a configuration of its own."""
    own = scratch / "recoll"
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    (own / "recoll.conf").write_text(f"topdirs = {root}\nloglevel = 2\n")
    return measure.costs_of(["recollindex", "-c", own], scratch)


def run_localsearch(root, scratch):
    """With a home and a bus of its own; what it keeps is below that home."""
    home = scratch / "localsearch"
    shutil.rmtree(home, ignore_errors=True)
    settings = home / "config" / "glib-2.0" / "settings"
    settings.mkdir(parents=True)
    (settings / "keyfile").write_text("[org/freedesktop/tracker/miner/files]\n"
                                      f"index-recursive-directories=['{root}']\nindex-single-directories=@as []\n"
                                      "enable-monitors=false\ninitial-sleep=0\n")
    own = {"HOME": home, "XDG_CONFIG_HOME": home / "config", "XDG_CACHE_HOME": home / "cache",
           "XDG_DATA_HOME": home / "data", "GSETTINGS_BACKEND": "keyfile"}
    inside = pathlib.Path(__file__).with_name("localsearch.py")
    said = measure.run(["dbus-run-session", "--", inside],
                       env=os.environ | {name: str(path) for name, path in own.items()})
    costs = json.loads(next(line for line in said.splitlines() if line.startswith("{")))  # the daemons say things, too
    notes = sum(1 for _ in root.rglob("*.md"))
    if costs.pop("texts") < notes * 9 // 10:
        raise subprocess.CalledProcessError(1, "localsearch")
    return costs


RUNS_OF_NODE = {"script": run_script, "mddb": run_mddb}
