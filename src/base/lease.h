// SPDX-License-Identifier: MIT
/*
 * Leases (fcntl(2), F_SETLEASE): the only way to learn whether somebody has a file open, and to
 * keep others from opening it for the moment of a write.
 *
 * The signal for a broken lease is set to SIGURG, which is ignored by default: the default SIGIO
 * would end a process that does not expect it. While a lease is held another program's open waits,
 * so it is given back as soon as can be.
 */
#ifndef BASE_LEASE_H
#define BASE_LEASE_H

enum writer {
    WRITER_NONE,
    WRITER_OPEN,    /* somebody has it open for writing, or mapped so */
    WRITER_UNKNOWN, /* nobody can tell: another user's file, or a filesystem without leases */
};

/** Whether somebody else can write through a descriptor that is open already. `fd` must be open for
 * reading only. */
enum writer lease_probe(int fd);

/** Takes the file for this descriptor alone, until lease_give_back() or the close: nobody else has
 * it open, and whoever opens it now waits. Returns 0 or an errno: EAGAIN when somebody has it open,
 * EACCES, EINVAL and others when there are no leases here. */
int lease_take(int fd);
void lease_give_back(int fd);

#endif
