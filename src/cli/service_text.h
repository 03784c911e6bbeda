// SPDX-License-Identifier: MIT
/* What `nexus service` writes: a unit for systemd's user manager, and an entry for the autostart of
 * a desktop. */
#ifndef CLI_SERVICE_TEXT_H
#define CLI_SERVICE_TEXT_H

#include "base/error.h"
#include "base/strbuf.h"

/** "nexus-notes-0123456789abcdef": after the vault's last folder and a hash of its path. */
void service_add_name(struct strbuf *name, const char *vault_path);

/** Both append. A path with control characters, or one that is not UTF-8, cannot be named in such a
 * file: NEXUS_ERROR_REFUSED. */
enum nexus_status service_add_unit(struct strbuf *unit, const char *program, const char *vault_path,
                                   struct nexus_error *err);
enum nexus_status service_add_desktop(struct strbuf *entry, const char *program,
                                      const char *vault_path, struct nexus_error *err);

#endif
