// SPDX-License-Identifier: MIT
/*
 * The unit's sandbox: the daemon reads what its user may read, writes below the vault and in the
 * folder of its socket, and has neither network, devices nor privileges. Everything that depends on
 * the vault is a path, and each place of a unit file reads a path in its own way
 * (systemd.syntax(7), systemd.service(5) "Command lines", systemd.unit(5) "Specifiers").
 */
#include "cli/service_text.h"

#include "base/hash.h"
#include "base/utf8.h"

enum { NAME_LETTERS = 32, NAME_DIGITS = 16 };

void service_add_name(struct strbuf *name, const char *vault_path)
{
    char hash[HASH_TEXT_SIZE];
    size_t start = name->length;
    const char *last = strrchr(vault_path, '/');
    strbuf_add_text(name, "nexus-");
    for (const char *c = last ? last + 1 : ""; *c && name->length - start < NAME_LETTERS; c++) {
        char lower = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        bool is_plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (is_plain)
            strbuf_add_char(name, lower);
    }
    hash_format(hash_of(str_of(vault_path)), hash);
    strbuf_addf(name, "-%.*s", NAME_DIGITS, hash);
}

static enum nexus_status check_path(const char *path, struct nexus_error *err)
{
    bool is_plain = utf8_find_invalid(str_of(path)) == STR_NONE;
    for (const char *c = path; *c; c++)
        is_plain = is_plain && (unsigned char)*c >= 0x20 && *c != 0x7F;
    if (is_plain)
        return NEXUS_OK;
    return fail(err, NEXUS_ERROR_REFUSED,
                "the path '%s' cannot be named in such a file: rename the folder", path);
}

/** The text, each of the characters `doubled` twice, with a backslash before each of `escaped`. */
static void add_escaped(struct strbuf *out, const char *text, const char *doubled,
                        const char *escaped)
{
    for (; *text; text++) {
        if (strchr(doubled, *text))
            strbuf_add_char(out, *text);
        if (strchr(escaped, *text))
            strbuf_add_char(out, '\\');
        strbuf_add_char(out, *text);
    }
}

/* Without RestrictSUIDSGID=, which forbids openat2(2), by which nothing outside of the vault is
 * ever opened. */
static const char sandbox[] = "UMask=0077\n"
                              "NoNewPrivileges=yes\n"
                              "CapabilityBoundingSet=\n"
                              "AmbientCapabilities=\n"
                              "PrivateUsers=yes\n"
                              "PrivateDevices=yes\n"
                              "PrivateNetwork=yes\n"
                              "PrivateIPC=yes\n"
                              "DevicePolicy=closed\n"
                              "IPAddressDeny=any\n"
                              "ProtectKernelTunables=yes\n"
                              "ProtectKernelModules=yes\n"
                              "ProtectKernelLogs=yes\n"
                              "ProtectControlGroups=yes\n"
                              "ProtectClock=yes\n"
                              "ProtectHostname=yes\n"
                              "ProtectProc=invisible\n"
                              "RestrictAddressFamilies=AF_UNIX\n"
                              "RestrictNamespaces=yes\n"
                              "RestrictRealtime=yes\n"
                              "LockPersonality=yes\n"
                              "MemoryDenyWriteExecute=yes\n"
                              "KeyringMode=private\n"
                              "RemoveIPC=yes\n"
                              "SystemCallArchitectures=native\n"
                              "SystemCallFilter=@system-service\n"
                              "SystemCallFilter=~@privileged @resources\n"
                              "SystemCallErrorNumber=EPERM\n";

/** A vault in a folder for temporary files would be hidden by a private one. */
static bool is_temporary(const char *path)
{
    return str_starts_with(str_of(path), STR("/tmp/")) ||
           str_starts_with(str_of(path), STR("/var/tmp/"));
}

static void add_service(struct strbuf *unit, const char *program, const char *vault_path)
{
    strbuf_add_text(unit, "[Service]\n"
                          "Type=notify\n"
                          "NotifyAccess=main\n"
                          "ExecStart=\"");
    add_escaped(unit, program, "%", "\\\"");
    strbuf_add_text(unit, "\" --vault \"");
    add_escaped(unit, vault_path, "%$", "\\\"");
    strbuf_add_text(unit, "\" watch\n"
                          "ExecReload=kill -HUP $MAINPID\n"
                          "TimeoutStartSec=infinity\n"
                          "WatchdogSec=10min\n"
                          "Restart=on-failure\n"
                          "RestartSec=10s\n"
                          "RuntimeDirectory=nexus\n"
                          "RuntimeDirectoryMode=0700\n"
                          "RuntimeDirectoryPreserve=yes\n"
                          "\n"
                          "ProtectSystem=strict\n"
                          "ProtectHome=read-only\n"
                          "ReadWritePaths=\"");
    add_escaped(unit, vault_path, "%", "\\\"");
    strbuf_add_text(unit, "\"\n");
    if (!is_temporary(vault_path) && !is_temporary(program))
        strbuf_add_text(unit, "PrivateTmp=yes\n");
    strbuf_add_text(unit, sandbox);
}

enum nexus_status service_add_unit(struct strbuf *unit, const char *program, const char *vault_path,
                                   struct nexus_error *err)
{
    TRY(check_path(program, err));
    TRY(check_path(vault_path, err));
    strbuf_add_text(unit, "# Written by 'nexus service install', and by its next run again.\n"
                          "[Unit]\n"
                          "Description=Nexus follows \"");
    add_escaped(unit, vault_path, "%", "");
    strbuf_add_text(unit, "\"\n"
                          "Documentation=man:nexus(1)\n"
                          "ConditionPathIsDirectory=");
    add_escaped(unit, vault_path, "%", "");
    strbuf_add_text(unit, "/.nexus\n"
                          "StartLimitIntervalSec=10min\n"
                          "StartLimitBurst=10\n"
                          "\n");
    add_service(unit, program, vault_path);
    strbuf_add_text(unit, "\n"
                          "[Install]\n"
                          "WantedBy=default.target\n");
    return unit->failed ? fail_no_memory(err) : NEXUS_OK;
}

/** An argument of Exec: quoted as the Desktop Entry Specification says, and then once more, since
 * the value is a string, in which a backslash is written twice. */
static void add_exec_word(struct strbuf *entry, const char *word)
{
    strbuf_add_char(entry, '"');
    for (; *word; word++) {
        if (*word == '\\')
            strbuf_add_text(entry, "\\\\\\\\");
        else if (strchr("\"`$", *word))
            strbuf_addf(entry, "\\\\%c", *word);
        else
            add_escaped(entry, (const char[]){*word, '\0'}, "%", "");
    }
    strbuf_add_char(entry, '"');
}

enum nexus_status service_add_desktop(struct strbuf *entry, const char *program,
                                      const char *vault_path, struct nexus_error *err)
{
    TRY(check_path(program, err));
    TRY(check_path(vault_path, err));
    strbuf_add_text(entry, "# Written by 'nexus service install --autostart'.\n"
                           "[Desktop Entry]\n"
                           "Type=Application\n"
                           "Version=1.0\n"
                           "Name=Nexus\n"
                           "Comment=Follows a vault of notes\n"
                           "Exec=");
    add_exec_word(entry, program);
    strbuf_add_text(entry, " --vault ");
    add_exec_word(entry, vault_path);
    strbuf_add_text(entry, " watch\n"
                           "Terminal=false\n"
                           "NoDisplay=true\n");
    return entry->failed ? fail_no_memory(err) : NEXUS_OK;
}
