// SPDX-License-Identifier: MIT
/* What `nexus doctor` asks beside the library: about the daemon, its service, and git. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "cli/command.h"

#include <nexus/doctor.h>

/** doctor_around.c */
enum nexus_status doctor_look_around(struct invocation *call, nexus_finding_listener *listener,
                                     void *context, struct nexus_error *err);

#endif
