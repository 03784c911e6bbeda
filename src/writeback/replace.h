// SPDX-License-Identifier: MIT
/*
 * New versions of files, put in place so that no save of anybody is lost and no reader ever sees
 * half a file.
 *
 * In three steps, so that hundreds of files share their waiting:
 *
 *   replace_prepare() for each   writes the new version, under a name of its own
 *   replace_sync()               once: all of them are on the disk
 *   ... the caller commits its intents (path, base, new, temporary name) ...
 *   replace_commit() for each    exchanges the two, and looks at what was displaced
 *   ... the caller commits the results ...
 *
 * To look first and rename then loses what is saved in between. To exchange, and to look at what
 * was displaced, does not: if it is not the version that the edit was computed from, somebody saved
 * meanwhile, and it is put back. A writer that had opened the displaced file, or had found it and
 * was about to, is seen by a lease now and by another look later: it stays in the quarantine for
 * some seconds (quarantine.h).
 *
 * Where a filesystem has no exchange, the file is renamed aside, looked at, and the new version is
 * renamed to the free name; the name is empty for a moment. A file with several hard links, or in a
 * folder that cannot be written, is written in place while a lease keeps everybody else out; that
 * alone is not whole after a crash, so a spare of the new version lies in the shelter meanwhile,
 * and the caller must have kept the bytes of before.
 *
 * At a power cut a file holds its old or its new version, whole. With REPLACE_NORMAL the last
 * seconds' exchanges may be undone by it, with REPLACE_FULL what was committed stays. An fsync that
 * fails is not tried again on the same file: the version is written anew.
 */
#ifndef WRITEBACK_REPLACE_H
#define WRITEBACK_REPLACE_H

#include "base/file.h"
#include "base/hash.h"
#include "writeback/quarantine.h"

enum replace_durability { REPLACE_NORMAL, REPLACE_FULL };

/** What is missing here. Found out by itself; tests set it. */
enum replace_lack {
    REPLACE_LACKS_EXCHANGE = 1,
    REPLACE_LACKS_TRASH = 2,     /* the trash is on another device */
    REPLACE_LACKS_FORESIGHT = 4, /* no look before, so that the one afterwards has work */
    REPLACE_LACKS_SHELTER = 8,   /* the folder for displaced files is on another filesystem */
};

/** Replaces files below one folder. One thread at a time. */
struct replacer {
    int root_fd; /* borrowed */
    enum replace_durability durability;
    int64_t limit_bytes; /* no file over this is read: it is another version than was expected */
    unsigned lacks;      /* enum replace_lack */
    /* A file without write bits is replaced all the same, and gets none: the caller took them. */
    bool passes_read_only;
    /* A folder (a path from the root, static) where new versions are written and displaced ones
     * wait, out of sight of whoever lists or watches the vault; NULL: beside the file. */
    const char *displaced;
    struct quarantine quarantine;
};

void replacer_init(struct replacer *replacer, int root_fd, enum replace_durability durability,
                   int64_t limit_bytes);
/** Forgets what is in the quarantine; the files stay, to be found by their names. */
void replacer_finish(struct replacer *replacer);

/** One new version on its way. */
struct replacement;

/** The version that an edit was computed from. */
struct replace_base {
    struct hash hash;
    /* How the file looked when that version was read, provided that every later version looks
     * otherwise (fingerprint_is_racy()); NULL: it is read again. */
    const struct fingerprint *print;
};

/** Writes `bytes` (borrowed until the commit or the drop) into a temporary file, with the mode,
 *  owner and extended attributes of the file. `base` NULL: no file may be there; the new one's mode
 *  is what the umask leaves of 0666, and folders are made.
 *
 *  NEXUS_ERROR_CHANGED: another version is there. NEXUS_ERROR_BUSY: somebody is writing it.
 *  NEXUS_ERROR_NOT_FOUND, NEXUS_ERROR_EXISTS. NEXUS_ERROR_REFUSED: no regular file, a link, or no
 * way to write it without a risk. NEXUS_ERROR_PERMISSION, also when the owner could not be kept.
 *  NEXUS_ERROR_LIMIT: the quarantine is full; settle it first. Nothing is left behind then. */
enum nexus_status replace_prepare(struct replacer *replacer, const char *path, struct str bytes,
                                  const struct replace_base *base, struct replacement **ret,
                                  struct nexus_error *err);

/** Where the temporary file is, for replace_recover() after a crash: a name in the path's folder,
 * or a path from the root. "" when the file will be written in place without a shelter.
 * Borrowed. */
const char *replacement_temporary(const struct replacement *replacement);
const char *replacement_path(const struct replacement *replacement);
/** The hash of the new bytes. */
struct hash replacement_hash(const struct replacement *replacement);
/** How much of the path was there before: folder_unmake() undoes the rest. */
size_t replacement_there(const struct replacement *replacement);

/** Between the last prepare and the first intent. When it fails, drop all that was prepared. Does
 * nothing with REPLACE_FULL, which has done so file by file. */
enum nexus_status replace_sync(struct replacer *replacer, struct nexus_error *err);

enum replace_way {
    REPLACE_NEW,      /* there was none */
    REPLACE_EXCHANGE, /* what was there is in the quarantine now */
    REPLACE_IN_PLACE, /* the same inode with other bytes */
};

struct replace_outcome {
    enum replace_way way;
    /* Of what was written; inode 0 when it is replaced again already. */
    struct fingerprint print;
    /* The version before is not at the path any more because of us, also when it failed after that:
     * it may be nowhere but with the caller. */
    bool is_taken;
    /* With NEXUS_ERROR_CHANGED: a version that somebody saved and that was seen, whether it is at
     * the path again or not. To be kept by the caller when no file holds it. */
    bool has_theirs;
    bool is_theirs_back; /* it is at the path again */
    struct strbuf theirs;
};
void replace_outcome_finish(struct replace_outcome *outcome);

/** Puts the new version in place, and frees the replacement in any case. `now_ns` is monotonic.
 * `*outcome` is written also when it fails, and wants its finish always.
 *
 *  NEXUS_ERROR_CHANGED: somebody saved since; theirs is what counts, and nothing of it is lost.
 *  NEXUS_ERROR_NOT_FOUND, NEXUS_ERROR_EXISTS: deleted, made since. NEXUS_ERROR_BUSY: to be written
 * in place, and somebody has it open. Nothing is left behind then, but what the quarantine holds.
 */
enum nexus_status replace_commit(struct replacer *replacer, struct replacement *take,
                                 int64_t now_ns, struct replace_outcome *outcome,
                                 struct nexus_error *err);

/** Gives it up: the temporary file goes, and the folders that were made for it. NULL is allowed. */
void replace_drop(struct replacer *replacer, struct replacement *take);

#endif
