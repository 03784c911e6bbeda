// SPDX-License-Identifier: MIT
/*
 * What no index can be faster than, one at a time:
 *
 *   floor walk FOLDER         stat each file below it
 *   floor read FOLDER         … and read all of it
 *   floor inserts FROM TO     the rows of a finished database, from memory into a new one
 *   floor run COMMAND...      what a command costs, started from this small program: the peak
 * memory of a child is never below that of its parent
 *
 * `inserts` uses the settings of a first index (no journal, one transaction, 8 KiB pages, fsync at
 * the end), writes table by table in the order of the keys and makes the indexes last; triggers and
 * views are left out. Prints one JSON object; what is told is the work alone, without the start of
 * the program and without reading FROM.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct result {
    long long count, bytes;
    double cpu_s; /* of a command */
};

static _Noreturn void die(const char *what)
{
    perror(what);
    exit(1);
}

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* --- files --- */

static void read_file(int folder, const char *name, struct result *result)
{
    static char buffer[1 << 16];
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        die(name);
    for (ssize_t got; (got = read(fd, buffer, sizeof buffer)) > 0;)
        result->bytes += got;
    close(fd);
}

static void go_through(int parent, const char *name, int is_reading, struct result *result)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder)
        die(name);
    for (struct dirent *entry; (entry = readdir(folder));) {
        struct stat about;
        if (entry->d_name[0] == '.')
            continue;
        if (fstatat(fd, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0)
            die(entry->d_name);
        if (S_ISDIR(about.st_mode))
            go_through(fd, entry->d_name, is_reading, result);
        if (!S_ISREG(about.st_mode))
            continue;
        result->count++;
        if (is_reading)
            read_file(fd, entry->d_name, result);
    }
    closedir(folder);
}

/* --- rows --- */

struct table {
    char *create, *insert;
    int columns;
    sqlite3_value **values;
    size_t count, capacity;
};

struct database {
    struct table *tables;
    size_t count;
    char **indexes;
    size_t index_count;
    char *search_settings; /* statements */
};

static void check(sqlite3 *db, int code)
{
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
        return;
    fprintf(stderr, "floor: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    check(db, sqlite3_prepare_v2(db, sql, -1, &statement, NULL));
    return statement;
}

static void *grown(void *items, size_t count, size_t size)
{
    void *more = realloc(items, count * size);
    if (!more)
        die("realloc");
    return more;
}

static void load_rows(sqlite3 *db, const char *select, struct table *table)
{
    sqlite3_stmt *rows = prepare(db, select);
    table->columns = sqlite3_column_count(rows);
    for (int code; (code = sqlite3_step(rows)) != SQLITE_DONE;) {
        check(db, code);
        size_t needed = table->count + (size_t)table->columns;
        if (needed > table->capacity) {
            table->capacity = needed * 2;
            table->values = grown(table->values, table->capacity, sizeof *table->values);
        }
        for (int i = 0; i < table->columns; i++)
            table->values[table->count++] = sqlite3_value_dup(sqlite3_column_value(rows, i));
    }
    sqlite3_finalize(rows);
}

static char *insert_into(const char *target, int columns)
{
    char *sql = sqlite3_mprintf("INSERT INTO %s VALUES(?1", target);
    for (int i = 2; i <= columns; i++)
        sql = sqlite3_mprintf("%z, ?%d", sql, i);
    return sqlite3_mprintf("%z)", sql);
}

static void load_table(sqlite3 *db, struct database *database, const char *name, const char *create)
{
    database->tables = grown(database->tables, database->count + 1, sizeof *database->tables);
    struct table *table = &database->tables[database->count++];
    *table = (struct table){.create = strdup(create)};
    int is_search = strcmp(name, "search") == 0;
    char *select =
        is_search
            ? sqlite3_mprintf("SELECT id, title, body, tags FROM nx_search_content ORDER BY id")
            : sqlite3_mprintf("SELECT * FROM %Q", name);
    load_rows(db, select, table);
    char *target = is_search ? sqlite3_mprintf("search(rowid, title, body, tags)")
                             : sqlite3_mprintf("%Q", name);
    table->insert = insert_into(target, table->columns);
    sqlite3_free(target);
    sqlite3_free(select);
}

/** What FTS5 was told, and the reference is told, too. */
static char *load_search_settings(sqlite3 *db)
{
    sqlite3_stmt *row = prepare(
        db,
        "SELECT group_concat(printf('INSERT INTO search(search, rank) VALUES(%Q, %d);', k, v), '')"
        " FROM search_config WHERE k <> 'version'");
    check(db, sqlite3_step(row));
    char *statements = sqlite3_mprintf("%s", (const char *)sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    return statements;
}

/** The tables in the order in which they were made, so the content comes before its full text. */
static void load(const char *path, struct database *database)
{
    sqlite3 *db;
    check(NULL, sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL));
    sqlite3_stmt *schema = prepare(
        db, "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE"
            " 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'search\\_%' ESCAPE '\\'"
            " ORDER BY name = 'search', rowid");
    while (sqlite3_step(schema) == SQLITE_ROW) {
        const char *type = (const char *)sqlite3_column_text(schema, 0);
        const char *name = (const char *)sqlite3_column_text(schema, 1);
        const char *sql = (const char *)sqlite3_column_text(schema, 2);
        if (strcmp(type, "table") == 0)
            load_table(db, database, name, sql);
        if (strcmp(type, "index") != 0)
            continue;
        database->indexes =
            grown(database->indexes, database->index_count + 1, sizeof *database->indexes);
        database->indexes[database->index_count++] = strdup(sql);
    }
    sqlite3_finalize(schema);
    database->search_settings = load_search_settings(db);
    sqlite3_close(db);
}

static void run(sqlite3 *db, const char *sql)
{
    check(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

/** Without a copy. */
static void bind(sqlite3_stmt *insert, int at, sqlite3_value *value)
{
    int type = sqlite3_value_type(value), length = sqlite3_value_bytes(value);
    if (type == SQLITE_TEXT)
        sqlite3_bind_text(insert, at, (const char *)sqlite3_value_text(value), length,
                          SQLITE_STATIC);
    else if (type == SQLITE_BLOB)
        sqlite3_bind_blob(insert, at, sqlite3_value_blob(value), length, SQLITE_STATIC);
    else
        sqlite3_bind_value(insert, at, value);
}

static void insert_rows(sqlite3 *db, const struct table *table, struct result *result)
{
    sqlite3_stmt *insert = prepare(db, table->insert);
    for (size_t i = 0; i < table->count; i += (size_t)table->columns) {
        for (int k = 0; k < table->columns; k++)
            bind(insert, k + 1, table->values[i + (size_t)k]);
        check(db, sqlite3_step(insert));
        sqlite3_reset(insert);
        result->count++;
    }
    sqlite3_finalize(insert);
}

static void make(const char *path, const struct database *database, struct result *result)
{
    sqlite3 *db;
    unlink(path);
    check(NULL,
          sqlite3_open_v2(path, &db,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL));
    run(db, "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    run(db, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -8000; PRAGMA temp_store = FILE");
    run(db, "PRAGMA ignore_check_constraints = ON; BEGIN");
    for (size_t i = 0; i < database->count; i++)
        run(db, database->tables[i].create);
    /* What FTS5 reads back is never asked for here. */
    run(db, database->search_settings);
    for (size_t i = 0; i < database->count; i++)
        insert_rows(db, &database->tables[i], result);
    for (size_t i = 0; i < database->index_count; i++)
        run(db, database->indexes[i]);
    run(db, "COMMIT");
    sqlite3_close(db);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fsync(fd) != 0 || fstat(fd, &about) != 0)
        die(path);
    result->bytes = about.st_size;
    close(fd);
}

/* --- a command --- */

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/** Without its output. `bytes` is its peak of resident memory. */
static void run_command(char **command, struct result *result)
{
    int status;
    struct rusage usage;
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        if (!freopen("/dev/null", "w", stdout))
            die("/dev/null");
        execvp(command[0], command);
        die(command[0]);
    }
    if (wait4(child, &status, 0, &usage) != child || status != 0) {
        fprintf(stderr, "floor: '%s' failed\n", command[0]);
        exit(1);
    }
    result->bytes = usage.ru_maxrss * 1024LL;
    result->cpu_s = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

static int usage(void)
{
    fputs("usage: floor walk|read FOLDER\n       floor inserts FROM TO\n       floor run "
          "COMMAND...\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct database database = {0};
    struct result result = {0};
    const char *what = argc > 2 ? argv[1] : "";
    int is_inserts = argc == 4 && strcmp(what, "inserts") == 0, is_run = strcmp(what, "run") == 0;
    int is_reading = argc == 3 && strcmp(what, "read") == 0;
    if (!is_inserts && !is_run && !is_reading && !(argc == 3 && strcmp(what, "walk") == 0))
        return usage();
    if (is_inserts)
        load(argv[2], &database);
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (is_run)
        run_command(argv + 2, &result);
    else if (is_inserts)
        make(argv[3], &database, &result);
    else
        go_through(AT_FDCWD, argv[2], is_reading, &result);
    wall = seconds(CLOCK_MONOTONIC) - wall;
    cpu = is_run ? result.cpu_s : seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    printf("{\"wall_s\": %.6f, \"cpu_s\": %.6f, \"count\": %lld, \"bytes\": %lld}\n", wall, cpu,
           result.count, result.bytes);
    return 0;
}
