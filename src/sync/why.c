// SPDX-License-Identifier: MIT
#include "sync/why.h"

#include "base/time.h"

#include <inttypes.h>

enum { MS_LIMIT = 1000, S_LIMIT = 120, MIN_LIMIT = 120, H_LIMIT = 48, MIN_S = 60, H_S = 3600 };
enum { DAY_S = 24 * H_S };

/** In the unit that a person would say it in. */
static void add_duration(int64_t duration_ns, struct strbuf *out)
{
    int64_t ms = duration_ns / NS_PER_MS, seconds = duration_ns / NS_PER_S;
    if (ms == 0)
        strbuf_add_text(out, "less than 1 ms");
    else if (ms < MS_LIMIT)
        strbuf_addf(out, "%" PRId64 " ms", ms);
    else if (seconds < S_LIMIT)
        strbuf_addf(out, "%" PRId64 " s", seconds);
    else if (seconds / MIN_S < MIN_LIMIT)
        strbuf_addf(out, "%" PRId64 " min", seconds / MIN_S);
    else if (seconds / H_S < H_LIMIT)
        strbuf_addf(out, "%" PRId64 " h", seconds / H_S);
    else
        strbuf_addf(out, "%" PRId64 " days", seconds / DAY_S);
}

static void add_times(const struct plan_input *input, struct strbuf *out)
{
    static const char *const names[SIDE_COUNT] = {"file", "row"};
    int64_t counted[SIDE_COUNT];
    for (int side = 0; side < SIDE_COUNT; side++)
        counted[side] = plan_counted_ns(input, (enum side)side);
    int64_t ahead_ns = counted[SIDE_FILE] - counted[SIDE_ROW];
    enum side newer = plan_newer(input);
    if (ahead_ns == 0) {
        strbuf_add_text(out, "equal times: the file wins");
    } else if (ahead_ns < 0 && newer == SIDE_FILE) {
        strbuf_add_text(out, "times closer than files can tell: the file wins");
    } else {
        strbuf_addf(out, "the %s is newer by ", names[newer]);
        add_duration(ahead_ns < 0 ? -ahead_ns : ahead_ns, out);
    }
    for (int side = 0; side < SIDE_COUNT; side++)
        if (counted[side] != input->changed_ns[side])
            strbuf_addf(out, "; the %s's time lies in the future and counts as when it was seen",
                        names[side]);
}

void why_add(const struct plan_input *input, enum plan_action action, struct strbuf *out)
{
    enum side_change file = input->change[SIDE_FILE], row = input->change[SIDE_ROW];
    if (file == SIDE_CREATED && row == SIDE_CREATED)
        strbuf_add_text(out, "two objects want one path: the file has it");
    else if (plan_is_conflict(action) && (file == SIDE_DELETED || row == SIDE_DELETED))
        strbuf_addf(out, "the %s was deleted: an edit outweighs a delete",
                    file == SIDE_DELETED ? "file" : "row");
    else
        add_times(input, out);
}
