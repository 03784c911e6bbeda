// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/** A program may be started without stdin, stdout or stderr; then the next file that is opened
 * would take their number, and our messages would go into it. Writing to what is put here fails. */
static void fill_standard_streams(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

/** `--as WHO`, of the commands that have it. */
static enum nexus_status find_audience(struct invocation *call, struct nexus_error *err)
{
    const struct option *options = call->command->options;
    for (int i = 0; options && options[i].name; i++)
        if (strcmp(options[i].name, "as") == 0 && call->options[i])
            return nexus_audience_find(call->options[i], &call->audience, err);
    return NEXUS_OK;
}

static enum nexus_status open_reader(struct invocation *call, struct nexus_error *err)
{
    TRY(find_audience(call, err));
    enum nexus_status status =
        nexus_reader_open_as(call->vault_path, call->audience, &call->reader, err);
    if (status == NEXUS_ERROR_NOT_FOUND)
        return fail(err, status, "the vault '%s' has no database yet: run 'nexus sync'",
                    call->vault_path);
    return status;
}

static enum nexus_status run(struct invocation *call, struct nexus_error *err)
{
    if (call->command->needs != NEEDS_NOTHING)
        TRY(place_find_vault(call, err));
    if (call->command->needs == NEEDS_READER)
        TRY(open_reader(call, err));
    return call->command->run(call, err);
}

static enum exit_code report(struct invocation *call, const struct nexus_error *err)
{
    output_format(&call->notes, "nexus: %s\n", err->message);
    if (err->status == NEXUS_ERROR_DAMAGED)
        output_text(&call->notes, "run 'nexus sync': it puts a backup in its place, or makes the "
                                  "database anew from the files\n");
    if (err->status != NEXUS_ERROR_ARGUMENT)
        return EXIT_FAILED;
    output_format(&call->notes, "try 'nexus help%s%s'\n", call->command ? " " : "",
                  call->command ? call->command->name : "");
    return EXIT_USAGE;
}

static enum exit_code run_program(struct invocation *call, int argc, char **argv)
{
    struct nexus_error err = {0};
    enum nexus_status status = options_read(call, argc, argv, &err);
    if (status == NEXUS_OK && !call->command) {
        help_print_program(&call->notes);
        return EXIT_USAGE;
    }
    if (status == NEXUS_OK)
        status = run(call, &err);
    enum exit_code code = status == NEXUS_OK ? call->exit_code : report(call, &err);
    if (output_finish(&call->out, &err) == NEXUS_OK || status != NEXUS_OK)
        return code;
    /* Whoever read our output has read enough. */
    return call->out.error_number == EPIPE ? EXIT_FAILED : report(call, &err);
}

int main(int argc, char **argv)
{
    fill_standard_streams();
    nexus_claim_process();
    struct invocation call = {0};
    output_init(&call.out, stdout);
    output_init(&call.notes, stderr);
    enum exit_code code = run_program(&call, argc, argv);
    output_finish(&call.notes, NULL);
    nexus_reader_close(call.reader);
    free(call.vault_path);
    free(call.operands);
    return (int)code;
}
