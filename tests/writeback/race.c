// SPDX-License-Identifier: MIT
/*
 * An editor saves as fast as it can while the file is replaced as fast as it can: no save may get
 * lost.
 *
 *   race STYLE WAY SAVES          one round of so many saves
 *   race STYLE WAY SECONDSs       one round of so long ("60s")
 *
 * STYLE is how the editor saves: `renames` (a new file takes the name), `in-place`, or `vim` (the
 * file is renamed away and written anew). WAY is how we write: `exchange`, `aside` (as where there
 * is no exchange), both from a folder apart, `blind` and `blind-aside` (the same beside the file
 * and without any look before, so that all is left to the look afterwards), `linked` (the file has
 * a second name, so it is written in place), or `naive`.
 *
 * Each save carries a number. A save is accounted for when we read it before we wrote, when it was
 * handed back, when the editor itself saw it as what its next save replaced, or when it is in the
 * file at the end. Both sides see exactly what they replace, so what is not accounted for is lost.
 *
 * `naive` is a planted fault: read again, compare, rename. It must lose saves, else this program
 * could not see a loss; it runs until it does, and fails if it never does.
 */
#include "base/folder.h"
#include "base/time.h"
#include "writeback/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAVES_MAX = 1 << 23, FILL = 1500, LIMIT = 1 << 20, NAIVE_ROUNDS = 40 };

/** What both processes write to. */
struct ledger {
    unsigned char accounted[SAVES_MAX];
    unsigned saved; /* saves 1 … saved were told to be good */
    int done;
};

struct round {
    struct ledger *ledger;
    int folder_fd;
    unsigned saves;
    int64_t until_ns;
    struct replacer replacer;
    struct strbuf bytes, wanted;
    unsigned replaced, put_back, handed_over, late, busy, missing;
};

static void die(const char *what)
{
    perror(what);
    exit(2);
}

// --- what a version looks like
// --------------------------------------------------------------------

static void make_version(struct strbuf *text, unsigned save)
{
    static const char fill[FILL] = {0};
    strbuf_reset(text);
    strbuf_addf(text, "save %u\nby an editor\n", save);
    strbuf_add(text, (struct str){fill, save % FILL});
    strbuf_addf(text, "\nend %u\n", save);
}

/** The number in a version that is whole; 0 in any other. */
static unsigned save_in(struct str text)
{
    char end[32];
    unsigned save = 0;
    if (!text.at || sscanf(text.at, "save %u\n", &save) != 1 || save >= SAVES_MAX)
        return 0;
    snprintf(end, sizeof end, "\nend %u\n", save);
    return str_ends_with(text, str_of(end)) ? save : 0;
}

static void account(struct ledger *ledger, struct str text)
{
    __atomic_store_n(&ledger->accounted[save_in(text)], 1, __ATOMIC_SEQ_CST);
}

/** Our edit: another line in the middle, the number stays. */
static void edit(struct strbuf *wanted, struct str text, unsigned count)
{
    size_t line = str_find(text, '\n');
    strbuf_reset(wanted);
    if (line == STR_NONE) {
        strbuf_add(wanted, text);
    } else {
        size_t next = line + 1 + str_find(str_slice(text, line + 1, text.length), '\n');
        strbuf_add(wanted, str_slice(text, 0, line + 1));
        strbuf_addf(wanted, "edit %u", count);
        strbuf_add(wanted, str_slice(text, next < line ? line : next, text.length));
    }
}

// --- the editor
// -----------------------------------------------------------------------------------

static void write_whole(int fd, struct str text)
{
    if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0 ||
        file_write_opened(fd, "a save", text, NULL) != NEXUS_OK)
        die("an editor's write");
}

/** What the editor is about to replace. */
static void account_opened(const struct round *round, int fd)
{
    STRBUF_SCOPED text = {0};
    char *room = strbuf_reserve(&text, 2 * FILL);
    ssize_t length = room ? pread(fd, room, 2 * FILL, 0) : -1;
    if (length < 0)
        die("an editor's read");
    room[length] = '\0';
    text.length = (size_t)length;
    account(round->ledger, strbuf_str(&text));
}

static void account_name(const struct round *round, const char *name)
{
    FD_SCOPED fd = openat(round->folder_fd, name, O_RDONLY);
    if (fd < 0)
        die(name);
    account_opened(round, fd);
}

static void save_in_place(const struct round *round, struct str text)
{
    FD_SCOPED fd = openat(round->folder_fd, "note.md", O_RDWR | O_CREAT, 0644);
    if (fd < 0)
        die("an editor's open");
    account_opened(round, fd);
    write_whole(fd, text);
}

static void save_by_rename(const struct round *round, struct str text)
{
    {
        FD_SCOPED fd = openat(round->folder_fd, "note.tmp", O_RDWR | O_CREAT | O_EXCL, 0644);
        if (fd < 0)
            die("an editor's new file");
        write_whole(fd, text);
    }
    /* To others an exchange looks as a rename does; the editor sees what it replaced. */
    for (;;) {
        if (renameat2(round->folder_fd, "note.tmp", round->folder_fd, "note.md", RENAME_EXCHANGE) ==
            0)
            break;
        if (errno == ENOENT && renameat2(round->folder_fd, "note.tmp", round->folder_fd, "note.md",
                                         RENAME_NOREPLACE) == 0)
            return;
        if (errno != ENOENT && errno != EEXIST)
            die("an editor's rename");
    }
    account_name(round, "note.tmp");
    unlinkat(round->folder_fd, "note.tmp", 0);
}

static void save_as_vim(const struct round *round, struct str text)
{
    bool has_backup = renameat(round->folder_fd, "note.md", round->folder_fd, "note.md~") == 0;
    save_in_place(round, text);
    if (!has_backup)
        return;
    account_name(round, "note.md~");
    unlinkat(round->folder_fd, "note.md~", 0);
}

typedef void editor(const struct round *round, struct str text);

static void be_an_editor(const struct round *round, editor *save)
{
    STRBUF_SCOPED text = {0};
    for (unsigned i = 2; i < round->saves + 2 && time_monotonic_ns() < round->until_ns; i++) {
        make_version(&text, i);
        save(round, strbuf_str(&text));
        __atomic_store_n(&round->ledger->saved, i, __ATOMIC_SEQ_CST);
    }
    __atomic_store_n(&round->ledger->done, 1, __ATOMIC_SEQ_CST);
}

// --- our side
// -------------------------------------------------------------------------------------

static enum nexus_status keep_late(void *context, const struct quarantine_news *news,
                                   struct nexus_error *err)
{
    struct round *round = context;
    (void)err;
    if (news->kind == QUARANTINE_LATE) {
        round->late++;
        account(round->ledger, news->bytes);
    }
    return NEXUS_OK;
}

static void settle(struct round *round, int64_t now_ns)
{
    if (quarantine_settle(&round->replacer.quarantine, round->folder_fd, LIMIT, now_ns, keep_late,
                          round, NULL) != NEXUS_OK)
        die("the quarantine");
}

static void count(struct round *round, enum nexus_status status,
                  const struct replace_outcome *outcome)
{
    round->replaced += status == NEXUS_OK;
    round->busy += status == NEXUS_ERROR_BUSY;
    round->missing += status == NEXUS_ERROR_NOT_FOUND;
    if (status != NEXUS_ERROR_CHANGED)
        return;
    round->put_back += outcome->is_theirs_back;
    round->handed_over += outcome->has_theirs && !outcome->is_theirs_back;
}

static void replace_once(struct round *round)
{
    struct replacement *replacement;
    struct replace_outcome outcome = {0};
    const struct replace_base base = {.hash = hash_of(strbuf_str(&round->bytes))};
    enum nexus_status status = replace_prepare(
        &round->replacer, "note.md", strbuf_str(&round->wanted), &base, &replacement, NULL);
    if (status == NEXUS_OK) {
        status = replace_commit(&round->replacer, replacement, time_monotonic_ns(), &outcome, NULL);
        if (outcome.has_theirs)
            account(round->ledger, strbuf_str(&outcome.theirs));
    }
    count(round, status, &outcome);
    replace_outcome_finish(&outcome);
    settle(round, time_monotonic_ns());
}

/** The planted fault. */
static void replace_naively(struct round *round)
{
    STRBUF_SCOPED again = {0};
    {
        FD_SCOPED fd = openat(round->folder_fd, "ours", O_WRONLY | O_CREAT | O_TRUNC, 0644);
        write_whole(fd, strbuf_str(&round->wanted));
    }
    if (file_read_beneath(round->folder_fd, "note.md", LIMIT, &again, NULL, NULL) != NEXUS_OK ||
        !str_equal(strbuf_str(&again), strbuf_str(&round->bytes)))
        return;
    if (renameat(round->folder_fd, "ours", round->folder_fd, "note.md") == 0)
        round->replaced++;
}

static void replace_until_done(struct round *round, void (*replace)(struct round *))
{
    for (unsigned i = 0; !__atomic_load_n(&round->ledger->done, __ATOMIC_SEQ_CST); i++) {
        if (file_read_beneath(round->folder_fd, "note.md", LIMIT, &round->bytes, NULL, NULL) !=
            NEXUS_OK)
            continue;
        account(round->ledger, strbuf_str(&round->bytes));
        edit(&round->wanted, strbuf_str(&round->bytes), i);
        replace(round);
    }
    /* Nobody is about to write any more. */
    while (round->replacer.quarantine.count)
        settle(round, quarantine_due(&round->replacer.quarantine));
}

// --- a round
// --------------------------------------------------------------------------------------

static const struct {
    const char *name;
    editor *save;
} styles[] = {{"renames", save_by_rename}, {"in-place", save_in_place}, {"vim", save_as_vim}};

static editor *style_of(const char *name)
{
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++)
        if (strcmp(styles[i].name, name) == 0)
            return styles[i].save;
    fprintf(stderr, "race: no such style: %s\n", name);
    exit(2);
}

static unsigned lacks_of(const char *way)
{
    static const struct {
        const char *name;
        unsigned lacks;
    } ways[] = {
        {"exchange", 0},
        {"aside", REPLACE_LACKS_EXCHANGE},
        {"blind", REPLACE_LACKS_FORESIGHT},
        {"blind-aside", REPLACE_LACKS_FORESIGHT | REPLACE_LACKS_EXCHANGE},
        {"linked", 0},
        {"naive", 0},
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (strcmp(ways[i].name, way) == 0)
            return ways[i].lacks;
    fprintf(stderr, "race: no such way: %s\n", way);
    exit(2);
}

static unsigned count_lost(const struct round *round)
{
    unsigned lost = 0;
    for (unsigned i = 2; i <= round->ledger->saved; i++)
        lost += !round->ledger->accounted[i];
    return lost;
}

static void make_first(const struct round *round, bool is_linked)
{
    STRBUF_SCOPED text = {0};
    make_version(&text, 1);
    save_in_place(round, strbuf_str(&text));
    if (is_linked && linkat(round->folder_fd, "note.md", round->folder_fd, "other.md", 0) != 0)
        die("a second name");
}

/** Whether the file is whole at the end. */
static bool account_end(struct round *round)
{
    if (file_read_beneath(round->folder_fd, "note.md", LIMIT, &round->bytes, NULL, NULL) !=
        NEXUS_OK)
        return false;
    account(round->ledger, strbuf_str(&round->bytes));
    return save_in(strbuf_str(&round->bytes)) != 0;
}

static unsigned run_round(struct round *round, const char *style, const char *way)
{
    bool is_naive = strcmp(way, "naive") == 0;
    memset(round->ledger, 0, sizeof *round->ledger);
    make_first(round, strcmp(way, "linked") == 0);
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        be_an_editor(round, style_of(style));
        _exit(0);
    }
    replace_until_done(round, is_naive ? replace_naively : replace_once);
    int status;
    if (waitpid(child, &status, 0) != child || status != 0) {
        fprintf(stderr, "race: the editor failed\n");
        exit(2);
    }
    bool is_whole = account_end(round);
    unsigned lost = count_lost(round);
    printf("%s, %s: %u saves, %u replaced, %u put back, %u handed over, %u late, %u busy, %u "
           "missing: %u lost%s\n",
           style, way, round->ledger->saved - 1, round->replaced, round->put_back,
           round->handed_over, round->late, round->busy, round->missing, lost,
           is_whole ? "" : ", and the file is torn");
    return lost + !is_whole;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/nexus-race-XXXXXX", command[64], *unit = NULL;
    if (argc != 4 || !mkdtemp(folder))
        return 2;
    const char *style = argv[1], *way = argv[2];
    struct round round = {.until_ns = INT64_MAX, .saves = SAVES_MAX - 2};
    unsigned amount = (unsigned)strtoul(argv[3], &unit, 10);
    if (*unit == 's')
        round.until_ns = time_monotonic_ns() + amount * NS_PER_S;
    else if (amount && amount < round.saves)
        round.saves = amount;
    round.ledger =
        mmap(NULL, sizeof *round.ledger, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    round.folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (round.ledger == MAP_FAILED || round.folder_fd < 0)
        die(folder);
    replacer_init(&round.replacer, round.folder_fd, REPLACE_NORMAL, LIMIT);
    round.replacer.lacks = lacks_of(way);
    if (!(round.replacer.lacks & REPLACE_LACKS_FORESIGHT))
        round.replacer.displaced = "apart";
    bool is_naive = strcmp(way, "naive") == 0;
    unsigned lost = run_round(&round, style, way);
    for (int i = 1; is_naive && !lost && i < NAIVE_ROUNDS; i++)
        lost = run_round(&round, style, way);
    replacer_finish(&round.replacer);
    strbuf_finish(&round.bytes);
    strbuf_finish(&round.wanted);
    snprintf(command, sizeof command, "rm -rf -- '%s'", folder);
    if (system(command) != 0)
        return 2;
    return is_naive ? lost == 0 : lost != 0;
}
