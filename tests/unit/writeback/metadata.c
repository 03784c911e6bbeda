// SPDX-License-Identifier: MIT
#include "unit/writeback/fixture.h"

#include <sys/stat.h>
#include <sys/xattr.h>

static struct stat look(const char *path)
{
    struct stat status;
    assert_int_equal(fstatat(root, path, &status, AT_SYMLINK_NOFOLLOW), 0);
    return status;
}

static const char *absolute(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Version 2 of the kernel's form: rw- for the owner, r-- for user 4711, r-- for the group, the mask
 * r--, nothing for others (acl(5); linux/posix_acl_xattr.h). */
static const unsigned char acl[] = {
    2,  0, 0, 0,                         /* version */
    1,  0, 6, 0, 0xFF, 0xFF, 0xFF, 0xFF, /* owner */
    2,  0, 4, 0, 0x67, 0x12, 0,    0,    /* user 4711 */
    4,  0, 4, 0, 0xFF, 0xFF, 0xFF, 0xFF, /* group */
    16, 0, 4, 0, 0xFF, 0xFF, 0xFF, 0xFF, /* mask */
    32, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, /* others */
};
static const char acl_name[] = "system.posix_acl_access";
static const char default_name[] = "system.posix_acl_default";

static void mode_and_attributes_stay(void **state)
{
    (void)state;
    static const mode_t modes[] = {0600, 0640, 0755, 0666, 0604};
    for (size_t i = 0; i < COUNT(modes); i++) {
        char value[16] = {0};
        save("a.md", "old");
        assert_int_equal(fchmodat(root, "a.md", modes[i], 0), 0);
        if (setxattr(absolute("a.md"), "user.note", "value", 5, 0) != 0)
            skip();
        assert_int_equal(setxattr(absolute("a.md"), "user.empty", "", 0, 0), 0);
        assert_int_equal(replace("a.md", "old", "new"), NEXUS_OK);
        assert_int_equal(look("a.md").st_mode & 07777, modes[i]);
        assert_int_equal(getxattr(absolute("a.md"), "user.note", value, sizeof value), 5);
        assert_string_equal(value, "value");
        assert_int_equal(getxattr(absolute("a.md"), "user.empty", value, sizeof value), 0);
    }
}

static void an_access_control_list_stays(void **state)
{
    (void)state;
    unsigned char found[2 * sizeof acl];
    save("a.md", "old");
    if (setxattr(absolute("a.md"), acl_name, acl, sizeof acl, 0) != 0)
        skip(); /* a filesystem without */
    mode_t mode = look("a.md").st_mode;
    assert_int_equal(replace("a.md", "old", "new"), NEXUS_OK);
    assert_int_equal(getxattr(absolute("a.md"), acl_name, found, sizeof found), sizeof acl);
    assert_memory_equal(found, acl, sizeof acl);
    assert_int_equal(look("a.md").st_mode, mode);
}

static void a_file_gets_no_list_that_it_had_not(void **state)
{
    (void)state;
    unsigned char found[2 * sizeof acl];
    save("a.md", "old");
    assert_int_equal(fchmodat(root, "a.md", 0600, 0), 0);
    if (setxattr(folder, default_name, acl, sizeof acl, 0) != 0)
        skip();
    assert_int_equal(replace("a.md", "old", "new"), NEXUS_OK);
    assert_int_equal(getxattr(absolute("a.md"), acl_name, found, sizeof found), -1);
    assert_int_equal(look("a.md").st_mode & 07777, 0600);
}

static void a_file_keeps_its_list_where_new_files_get_one(void **state)
{
    (void)state;
    unsigned char found[2 * sizeof acl];
    save("a.md", "old");
    assert_int_equal(fchmodat(root, "a.md", 0600, 0), 0);
    if (setxattr(absolute("a.md"), acl_name, acl, sizeof acl, 0) != 0)
        skip();
    assert_int_equal(setxattr(folder, default_name, acl, sizeof acl, 0), 0);
    assert_int_equal(replace("a.md", "old", "new"), NEXUS_OK);
    assert_int_equal(getxattr(absolute("a.md"), acl_name, found, sizeof found), sizeof acl);
    assert_memory_equal(found, acl, sizeof acl);
}

static void the_group_stays(void **state)
{
    (void)state;
    save("a.md", "old");
    if (fchownat(root, "a.md", (uid_t)-1, 4712, 0) != 0)
        skip(); /* not root */
    assert_int_equal(replace("a.md", "old", "new"), NEXUS_OK);
    assert_int_equal(look("a.md").st_uid, getuid());
    assert_int_equal(look("a.md").st_gid, 4712);
}

static void the_owner_stays(void **state)
{
    (void)state;
    save("a.md", "old");
    if (fchownat(root, "a.md", 4711, 4712, 0) != 0)
        skip(); /* not root */
    assert_int_equal(fchmodat(root, "a.md", 04755, 0), 0);
    assert_int_equal(replace("a.md", "old", "new"), NEXUS_OK);
    assert_int_equal(look("a.md").st_uid, 4711);
    assert_int_equal(look("a.md").st_gid, 4712);
    assert_int_equal(look("a.md").st_mode & 07777, 04755);
}

static void a_new_file_has_the_mode_of_any_new_file(void **state)
{
    (void)state;
    mode_t mask = umask(027);
    enum nexus_status status = replace("d/a.md", NULL, "new");
    umask(mask);
    assert_int_equal(status, NEXUS_OK);
    assert_int_equal(look("d/a.md").st_mode & 07777, 0640);
    assert_int_equal(look("d").st_mode & 07777, 0750);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(mode_and_attributes_stay),
        IN_A_FOLDER(an_access_control_list_stays),
        IN_A_FOLDER(a_file_gets_no_list_that_it_had_not),
        IN_A_FOLDER(a_file_keeps_its_list_where_new_files_get_one),
        IN_A_FOLDER(the_group_stays),
        IN_A_FOLDER(the_owner_stays),
        IN_A_FOLDER(a_new_file_has_the_mode_of_any_new_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
