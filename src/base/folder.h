// SPDX-License-Identifier: MIT
/* The folders that a path leads through, below a folder that is open: opened, made, removed. As in
 * base/file.h nothing outside is reached, whatever links say, and paths may be of any length. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include "base/error.h"
#include "base/file.h"

/** Opens (O_PATH) the folder that `path` lies in. `*ret_name` is the name in it, a part of `path`.
 *  NEXUS_ERROR_REFUSED for a path that ends with no name. */
enum nexus_status folder_open(int root_fd, const char *path, int *ret_fd, const char **ret_name,
                              struct nexus_error *err);

/** The same, and makes the folders that are missing. `*ret_there` is how long the part of `path` is
 * that was there before, without a slash; all of it when nothing was made.
 *  NEXUS_ERROR_EXISTS when a file is in the way of a folder. */
enum nexus_status folder_make(int root_fd, const char *path, int *ret_fd, const char **ret_name,
                              size_t *ret_there, struct nexus_error *err);

/** Undoes folder_make(): removes the folders of `path` behind the first `there` bytes, as far as
 * they are empty. */
void folder_unmake(int root_fd, const char *path, size_t there);

/** Writes what changed in the folder to the disk. `path` is for messages. */
enum nexus_status folder_sync(int folder_fd, const char *path, struct nexus_error *err);

#endif
