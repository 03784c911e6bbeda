// SPDX-License-Identifier: MIT
/*
 * What a command of the program is: one struct in one file, listed in commands.h. The parsing of
 * options, the help, the errors of usage and everything else that tells what there is, are made
 * from these tables and from nothing else.
 *
 * Exit codes: 0 done, 1 found something (problems, no such object), 2 used wrongly, 3 failed.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/output.h"

#include <limits.h>
#include <nexus/permission.h>
#include <nexus/query.h>
#include <nexus/vault.h>

enum exit_code { EXIT_DONE = 0, EXIT_FOUND = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

struct option {
    const char *name;     /* "json" is --json; one letter is an option with one dash */
    const char *argument; /* how the help calls it; NULL: it takes none */
    const char *summary;
};

/* Of every command that reads: the only way in which it sees less. It is looked for by its name. */
#define OPTION_AS_WHOM                                                                             \
    {                                                                                              \
        "as", "ai|cloud", "see only what is shared with an AI, or with a cloud"                    \
    }

enum {
    OPTION_LIMIT = 10,      /* of one command; raise it with the command that needs more */
    OPERANDS_ANY = INT_MAX, /* as many as the system lets through */
};

enum output_form { FORM_TEXT, FORM_JSON };

/** One run of the program. Everything is borrowed from main(). */
struct invocation {
    const struct command *command;
    const char *vault_option;          /* --vault DIR; NULL: not given */
    const char *options[OPTION_LIMIT]; /* by place in the command's table: the argument, "" if it
                                          takes none, NULL if it is not given */
    const char **operands;
    int operand_count;
    enum output_form form;
    struct output out;
    struct output notes; /* stderr: what is no result */

    char *vault_path;             /* absolute; for commands that need one */
    enum nexus_audience audience; /* who reads */
    struct nexus_reader *reader;  /* for commands that need one */
    enum exit_code exit_code;     /* of a run that returns NEXUS_OK */
};

/* What a command is for: where the help lists it. */
enum command_group {
    GROUP_CARE, /* of the vault and what belongs to it */
    GROUP_BEGIN,
    GROUP_READ,
    GROUP_WRITE,
    GROUP_DECIDE,
    GROUP_SHARE,
    GROUP_HELP,
};

enum command_needs { NEEDS_NOTHING, NEEDS_VAULT, NEEDS_READER };

/** Does the work. NEXUS_ERROR_ARGUMENT means that the program was used wrongly, any other error
 *  that it failed. */
typedef enum nexus_status command_run(struct invocation *call, struct nexus_error *err);

struct command {
    const char *name;
    const char *operands; /* as in the usage line, such as "[PATH...]"; "" if it takes none */
    const char *summary;  /* one line: what it does */
    const char *details;  /* the rest of its help; lines end with \n; may be "" */
    const char *examples; /* lines "nexus ...", which may end with "  # why"; NULL: none. They hold
                             in the example vault: a test runs them */
    const struct option *options; /* ends with a NULL name; --json and --help come by themselves */
    int min_operands, max_operands;
    enum command_group group;
    enum command_needs needs;
    command_run *run;
};

#endif
