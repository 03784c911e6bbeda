// SPDX-License-Identifier: MIT
#include "cli/output.h"

#include "base/printable.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* SGR parameters (ECMA-48, 8.3.117): colours that read on dark and on light backgrounds. */
static const char *const style_codes[] = {
    [STYLE_PLAIN] = "",     [STYLE_NAME] = "36", [STYLE_MATCH] = "1;33", [STYLE_BAD] = "1;31",
    [STYLE_WARNING] = "33", [STYLE_GOOD] = "32", [STYLE_FAINT] = "2",
};

/** Whether the environment variable is set, and not to the empty text. */
static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

void output_init(struct output *out, FILE *stream)
{
    *out = (struct output){.stream = stream, .is_terminal = isatty(fileno(stream)) == 1};
    if (!out->is_terminal)
        return;
    const char *terminal = getenv("TERM");
    out->has_cursor = terminal && *terminal && strcmp(terminal, "dumb") != 0;
    out->has_colour = out->has_cursor && !is_set("NO_COLOR"); /* as no-color.org has it */
    struct winsize size;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0)
        out->columns = size.ws_col;
}

/** To be called behind each write. */
static void remember_failure(struct output *out)
{
    if (!out->error_number && ferror(out->stream))
        out->error_number = errno ? errno : EIO;
}

enum nexus_status output_finish(struct output *out, struct nexus_error *err)
{
    bool memory_was_out = out->scratch.failed;
    strbuf_finish(&out->scratch);
    fflush(out->stream);
    remember_failure(out);
    if (out->error_number)
        return fail_errno(err, out->error_number, "cannot write the output");
    return memory_was_out ? fail_no_memory(err) : NEXUS_OK;
}

void output_raw(struct output *out, struct str text)
{
    if (text.length)
        fwrite(text.at, 1, text.length, out->stream);
    remember_failure(out);
}

void output_text(struct output *out, const char *text)
{
    output_raw(out, str_of(text));
}

void output_format(struct output *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(out->stream, format, args);
    va_end(args);
    remember_failure(out);
}

static void output_printable(struct output *out, struct str text, enum printable_lines lines)
{
    bool had_failed = out->scratch.failed;
    strbuf_reset(&out->scratch);
    printable_add(&out->scratch, text, lines);
    output_raw(out, strbuf_str(&out->scratch));
    out->scratch.failed |= had_failed;
}

void output_line_of(struct output *out, struct str text, enum style style)
{
    output_begin_style(out, style);
    output_printable(out, text, PRINTABLE_ONE_LINE);
    output_end_style(out, style);
}

void output_lines_of(struct output *out, struct str text)
{
    output_printable(out, text, PRINTABLE_KEEP_LINES);
}

void output_data(struct output *out, struct str text)
{
    if (out->is_terminal)
        output_lines_of(out, text);
    else
        output_raw(out, text);
}

void output_spaces(struct output *out, size_t count)
{
    output_format(out, "%*s", (int)count, "");
}

void output_begin_style(struct output *out, enum style style)
{
    if (out->has_colour && style != STYLE_PLAIN)
        output_format(out, "\x1b[%sm", style_codes[style]);
}

void output_end_style(struct output *out, enum style style)
{
    if (out->has_colour && style != STYLE_PLAIN)
        output_text(out, "\x1b[0m");
}
