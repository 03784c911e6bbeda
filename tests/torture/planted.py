# SPDX-License-Identifier: MIT
"""The bugs that faults.py plants: small, plausible, each in one place of one file.

`test` is the harness that must catch it (a test of ctest's, `more` being further arguments of its command), `says` what it
must say of it, and `invariant` which promise of tests/walk/oracle.py is broken.
"""

from typing import NamedTuple


class Fault(NamedTuple):
    name: str
    invariant: str
    what: str
    file: str
    before: str  # stands there once
    after: str
    test: str
    says: str  # a regular expression
    more: tuple = ()


PLANTED = [
    # --- writing files
    Fault("no-flush", "I1", "a new version takes its place before it is on the disk",
          "src/writeback/replace.c", "    if (syncfs(fd) != 0)", "    if (fd < 0)",
          "crash.flushes", "takes its place before it is on the disk"),
    Fault("no-flush-of-one", "I1", "the same where each file is flushed by itself",
          "src/writeback/replace.c", "        TRY(file_sync_opened(fd, replacement->path, err));", "        (void)fd;",
          "crash.flushes", "takes its place before it is on the disk"),
    Fault("no-flush-of-the-folder", "I1", "a rename is believed before the folder is on the disk",
          "src/writeback/commit.c", "    TRY(folder_sync(commit->folder_fd, replacement->path, err));", "",
          "crash.flushes", "is believed before its folder is on the disk"),
    Fault("rename-not-exchange", "I1", "a new version is renamed over what is there, which nobody sees again",
          "src/writeback/exchange.c", "                     commit->name, RENAME_EXCHANGE) == 0", "                     commit->name, 0) == 0",
          "writeback.race.renames.exchange", "[1-9]\\d* lost"),
    Fault("displaced-not-looked-at", "I1", "what an exchange displaced is removed unseen",
          "src/writeback/exchange.c", "    enum held held = look_at_displaced(commit, &replacement->expected, &outcome->theirs, &writer);\n"
          "    if (held == HELD_WANTED) {\n        outcome->is_taken = true;",
          "    enum held held = HELD_WANTED;\n    writer = WRITER_NONE;\n"
          "    renameat2(commit->temporary_fd, replacement->temporary, commit->temporary_fd, \"unseen\", 0);\n"
          "    if (held == HELD_WANTED) {\n        outcome->is_taken = true;",
          "writeback.race.renames.exchange", "[1-9]\\d* lost"),
    Fault("late-save-not-looked-at", "I1", "a displaced file is removed without another look",
          "src/writeback/quarantine.c", "    return entry->is_known && hash_equal(hash_of(strbuf_str(bytes)), entry->content) ? SEEN_SAME\n"
          "                                                                                     : SEEN_CHANGED;",
          "    return SEEN_SAME;",
          "writeback.race.in-place.blind", "[1-9]\\d* lost"),
    Fault("mode-not-kept", "I4", "a new version gets the mode of a temporary file",
          "src/writeback/metadata.c", "    if (fchmod(to_fd, from.st_mode & 07777) != 0)", "    if (to_fd < 0)",
          "live.following.a_write_keeps_what_is_said_about_the_file", "AssertionError"),
    Fault("neighbour-reformatted", "I4", "a patch writes a line break of its own behind what it changed",
          "src/writeback/patch.c", "        strbuf_add(out, edit->text);\n        at = edit->end;",
          "        strbuf_add(out, edit->text);\n        at = edit->end + (edit->end < source.length && source.at[edit->end] == ' ');",
          "writeback.hostile", "outside|neighbour|other bytes|bytes"),
    Fault("no-intent", "I1", "history does not say that a write is under way",
          "src/engine/record_intents.c", "        write.temporary = str_of(replacement_temporary(carried->replacement));",
          "        write.temporary = (struct str){NULL, 0};",
          "crash.sync", "history", ("--only", "an_edit", "--points", "0", "--second", "0", "--first")),
    Fault("version-before-not-kept", "I1", "history does not keep what a write replaced",
          "src/engine/record_intents.c", "        write.before = strbuf_str(&writing->before);\n    if (carried->replacement)",
          "        write.before = (struct str){NULL, 0};\n    if (carried->replacement)",
          "walk.alone", "is lost"),
    Fault("error-swallowed", "I2", "a write that fails is taken for one that was done",
          "src/base/file.c", "        if (written < 0)\n            return fail_errno(err, errno, \"cannot write '%s'\", path);",
          "        if (written < 0)\n            break;",
          "crash.failing", "torn|is lost|says", ("--only", "an_edit", "--call", "write", "--points", "0")),
    Fault("done-taken-for-undone", "I6", "after a crash a file that was made is taken for one that was not",
          "src/engine/crash.c", "        recovery->state == RECOVER_DONE ||", "        recovery->state == RECOVER_UNDONE ||",
          "crash.sync", "(history|feed|rows): ", ("--only", "a_new_note", "--points", "40", "--second", "0", "--first")),

    # --- both sides
    Fault("loser-not-kept", "I1", "the version that loses a conflict is not kept as a file",
          "src/engine/record_intents.c", "        if (writing_entry_is_conflict(&writing->entries[i]))\n            TRY(keep_loser(carry, carried, i, err));",
          "        (void)keep_loser;",
          "crash.sync", "conflict \\d+ .* no copy", ("--only", "a_file_that_wins", "--points", "3", "--second", "0")),
    Fault("tie-goes-to-the-row", "I1", "of two edits within one tick of the clock the row's wins",
          "src/sync/plan.c", "row_ns - file_ns > input->tick_ns ?", "row_ns - file_ns > -input->tick_ns ?",
          "unit.sync.plan", "FAILED"),
    Fault("edit-loses-to-delete", "I1", "a row is deleted, so its edited file is as well",
          "src/sync/plan.c", "            [SIDE_DELETED] = PLAN_FILE_WINS, /* the object comes back */",
          "            [SIDE_DELETED] = PLAN_TRASH,",
          "unit.sync.plan", "FAILED"),
    Fault("racily-clean", "I3", "a file that was written within the tick of the last look is taken for unchanged",
          "src/base/file.c", "    return looked_at_ns - newest <= RACY_NS;", "    return looked_at_ns - newest < 0;",
          "unit.watch.settle", "FAILED"),
    Fault("only-the-time", "I3", "a file with the modification time of before is taken for unchanged",
          "src/base/file.c", "a->mtime_ns == b->mtime_ns &&\n           a->ctime_ns == b->ctime_ns;", "a->mtime_ns == b->mtime_ns;",
          "clocks.wrong", "the row says|is lost", ("--rounds", "12")),
    Fault("birth-not-compared", "I3", "an inode that is used again is taken for the file of before",
          "src/engine/identity.c", "    memcpy(mark->bytes + sizeof print->inode, &print->birth_ns, sizeof print->birth_ns);", "",
          "live.identity.an_inode_that_is_used_again_is_no_identity", "AssertionError"),

    # --- watching
    Fault("first-look-believed", "I3", "a path that is looked at twice in one pass stands for both looks",
          "src/engine/identity.c", "    keep_last_looks(identity);\n", "",
          "unit.engine.twice", "FAILED"),
    Fault("overflow-ignored", "I3", "events were lost, and nobody looks again",
          "src/watch/round.c", "    relisting->is_wanted |= round->hints.overflowed || failed;", "    relisting->is_wanted |= failed;",
          "watch.tools.events_that_were_lost_are_made_up_for", "AssertionError|Empty"),
    Fault("new-folder-not-walked", "I3", "what is in a new folder before it is watched is not told of",
          "src/watch/tree.c", "        tree_enlist(tree, node, NODE_TELL_FILES);\n    tree->failed |= !node;",
          "        tree_enlist(tree, node, 0);\n    tree->failed |= !node;",
          "watch.renames.folders_made_and_filled_at_once", "AssertionError|Empty"),
    Fault("close-not-heard", "I3", "a file that was closed is taken for one that is still being written",
          "src/watch/pending.c", "    case HEARD_CLOSED:\n        waiting->writing = false;", "    case HEARD_CLOSED:",
          "unit.watch.pending", "FAILED"),
    Fault("debounce-forgets-to-wait", "I3", "a path that is heard of again is told of at its first time",
          "src/watch/pending.c", "                  earlier(soon_ns, waiting->first_ns + pending->max_wait_ns));", "                  earlier(soon_ns, waiting->first_ns));",
          "unit.watch.pending", "FAILED"),
    Fault("symlink-followed", "I5", "a symbolic link in a path is followed",
          "src/base/file.c", "        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,",
          "        .resolve = RESOLVE_NO_MAGICLINKS,",
          "unit.base.file", "FAILED"),

    # --- permissions
    Fault("shared-by-default", "I5", "a new note is shared with an AI",
          "src/store/sql/queries/objects.sql", "  VALUES(?1, 0, 0, 0, NULL);", "  VALUES(?1, 1, 0, 0, NULL);",
          "gate.never_looser", "(ai|cloud) (sees|does not see)"),
    Fault("wrong-column", "I5", "what is shared with an AI is shared with the cloud",
          "src/permissions/decide.c", "question->who == AUDIENCE_AI ? question->row->share_with_ai", "question->who != AUDIENCE_OWNER ? question->row->share_with_ai",
          "gate.never_looser", "(ai|cloud) (sees|does not see)"),
    Fault("expiry-off-by-one", "I5", "what is shared until a moment is shared at that moment",
          "src/permissions/decide.c", "    if (question->now_ns >= end_ns ||", "    if (question->now_ns > end_ns ||",
          "unit.permissions.decide", "FAILED"),
    Fault("clock-set-back", "I5", "a clock that is set back revives what has expired",
          "src/permissions/decide.c", " || question->clock_mark_ns >= end_ns)", ")",
          "unit.permissions.decide", "FAILED"),
    Fault("shared-after-restore", "I5", "a backup that is put in place shares what was closed since",
          "src/engine/permissions_apply.c", "        status = tighten_each(store, &listed, entries, old, err);",
          "        (void)tighten_each, (void)old;",
          "crash.recovery", "looser", ("--only", "a_restore", "--points", "4", "--second", "0")),
    Fault("id-used-again", "I5", "a new note gets the id of a deleted one",
          "src/store/sql/durable.sql", "  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: no new note inherits an old permission",
          "  id INTEGER PRIMARY KEY,",
          "unit.store.objects", "FAILED"),

    # --- what is told, and what is kept in order
    Fault("not-audited", "I6", "a change of permissions stands in the feed and not in the audit",
          "src/engine/permit.c", "    return permit_record(store, &edit, by, NULL, err);", "    (void)edit;\n    return NEXUS_OK;",
          "unit.engine.permit", "FAILED"),
    Fault("told-twice", "I6", "a change of permissions with SQL stands in the feed twice",
          "src/store/sql/permission_triggers.sql", "    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'permission', 'sql', id, uid, file_path\n      FROM data_objects WHERE id = new.object_id;",
          "    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'permission', 'sql', id, uid, file_path\n      FROM data_objects, (SELECT 1 UNION ALL SELECT 2) WHERE id = new.object_id;",
          "walk.alone", "changes in the feed, \\d+ in the audit"),
    Fault("damage-not-looked-for", "I7", "a database that was not left in order is believed",
          "src/engine/examine.c", "    enum nexus_status status =\n        store_check_file(engine->database_path, VIEW_WITH_LOG, CHECK_FULL, &found->reason);",
          "    enum nexus_status status = NEXUS_OK;",
          "crash.damage", "integrity_check: |TimeoutExpired|malformed", ("--places", "40")),
    Fault("rest-left-over", "I8", "a displaced file is never removed",
          "src/writeback/quarantine.c", "    if (entry->is_kept)\n        return true;", "    if (entry->due_ns)\n        return true;",
          "crash.sync", "left over", ("--only", "an_edit", "--points", "4", "--second", "0")),
    Fault("watch-leaked", "I9", "a folder that left the vault stays watched",
          "src/watch/tree.c", "            backend_unwatch(node->wd);", "            (void)backend_unwatch;",
          "watch.renames.a_folder_is_moved_out", "AssertionError|Empty"),
    Fault("memory-not-checked", "I9", "a text that memory was short for is taken for whole",
          "src/writeback/patch.c", "    return out->failed ? fail_no_memory(err) : NEXUS_OK;", "    (void)err;\n    return NEXUS_OK;",
          "memory.answers_are_whole_or_none", "allocation \\d+ fails.*the status is"),
    Fault("permissions-short-of-memory", "I9", "permissions.json is taken for broken when the parser was short of memory",
          "src/engine/own_json.c", "    if (is_json)\n", "    if (!is_json)\n",
          "crash.each_step_of_a_recovery_fails", "it ends elsewhere", ("gone",)),
]
