// SPDX-License-Identifier: MIT
/*
 * Where the vault is, and where its user stands in it.
 *
 * Paths in the index are relative to the vault's root. A user in a folder of the vault names files
 * as the shell does, relative to that folder, and an editor that is sent to a file's line must find
 * it from there.
 */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include "cli/command.h"

/** Sets `call->vault_path`: the vault of --vault, else the one that the current folder lies in,
 *  else that of $NEXUS_VAULT. */
enum nexus_status place_find_vault(struct invocation *call, struct nexus_error *err);

/** Appends the current folder's path below the root: "" at the root and outside of the vault. */
enum nexus_status place_current(const struct invocation *call, struct strbuf *path,
                                struct nexus_error *err);

/** What a user's name for a file may mean, as paths below the root: what the shell means by it, and
 *  then, since it may come from another command's output, the path that it spells. Nothing is
 * looked up on the disk; what leads out of the vault is no reading. */
struct place_readings {
    struct strbuf paths[2];
    int count;
};
enum nexus_status place_read(const struct invocation *call, const char *name,
                             struct place_readings *readings, struct nexus_error *err);
void place_readings_finish(struct place_readings *readings);
#define READINGS_SCOPED __attribute__((cleanup(place_readings_finish))) struct place_readings

/** Appends the path as it is called from the folder `current`. */
void place_to_user(struct str current, struct str path, struct strbuf *name);

#endif
