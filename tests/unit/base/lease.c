// SPDX-License-Identifier: MIT
#include "base/lease.h"

#include "unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OPENINGS = 20000 };

static char path[64];

static int make_file(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/nexus-unit-XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 || close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void it_keeps_others_out_and_tells_of_writers(void **state)
{
    (void)state;
    int writer = open(path, O_RDWR);
    int reader = open(path, O_RDONLY);
    assert_int_equal(lease_probe(reader), WRITER_OPEN);
    assert_int_equal(lease_take(writer), EAGAIN);
    close(reader);
    assert_int_equal(lease_take(writer), 0);
    assert_int_equal(open(path, O_RDONLY | O_NONBLOCK), -1);
    assert_int_equal(errno, EWOULDBLOCK);
    lease_give_back(writer);
    close(writer);
    reader = open(path, O_RDONLY);
    assert_int_equal(lease_probe(reader), WRITER_NONE);
    close(reader);
}

/** Looks again and again, through one descriptor, until `leash` is closed. */
static void probe_on_and_on(int leash)
{
    struct pollfd held = {.fd = leash, .events = POLLIN};
    int fd = open(path, O_RDONLY);
    while (fd >= 0 && poll(&held, 1, 0) == 0)
        lease_probe(fd);
    _exit(fd < 0);
}

/* The signal of a broken lease ends a program that does not expect it. */
static void nobody_is_ended_by_an_open_that_breaks_it(void **state)
{
    (void)state;
    int leash[2], status = 0;
    assert_int_equal(pipe(leash), 0);
    pid_t prober = fork();
    if (prober == 0) {
        close(leash[1]);
        probe_on_and_on(leash[0]);
    }
    close(leash[0]);
    for (int i = 0; i < OPENINGS; i++)
        close(open(path, O_RDWR));
    close(leash[1]);
    assert_int_equal(waitpid(prober, &status, 0), prober);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_keeps_others_out_and_tells_of_writers, make_file,
                                        remove_file),
        cmocka_unit_test_setup_teardown(nobody_is_ended_by_an_open_that_breaks_it, make_file,
                                        remove_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
