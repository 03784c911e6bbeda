// SPDX-License-Identifier: MIT
#include "engine/examine.h"

#include <fcntl.h>
#include <sys/stat.h>

bool examine_is_there(const struct engine *engine, const char *name, off_t least_bytes)
{
    struct stat status;
    return fstatat(engine->nexus_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           status.st_size >= least_bytes;
}

/** A version that this program never wrote, and no newer one left a sign of itself. */
static bool is_version_damaged(const struct examination *found)
{
    return found->watermark.is_known && found->watermark.version > 0 &&
           found->watermark.version <= STORE_VERSION;
}

static enum nexus_status judge_unsound(const struct engine *engine, struct examination *found,
                                       enum nexus_status status)
{
    if (status == NEXUS_ERROR_VERSION && !is_version_damaged(found))
        return status;
    if (status != NEXUS_ERROR_VERSION && status != NEXUS_ERROR_DAMAGED)
        return status;
    found->finding = FOUND_DAMAGED;
    if (examine_is_there(engine, EXAMINED_NAME "-wal", 1) &&
        store_check_file(engine->database_path, VIEW_ALONE, CHECK_FULL, NULL) == NEXUS_OK)
        found->finding = FOUND_OLD_LOG;
    return NEXUS_OK;
}

enum nexus_status examine_sound(const struct engine *engine, struct examination *found,
                                struct nexus_error *err)
{
    char host_id[SHA256_TEXT_SIZE];
    TRY(watermark_host(engine->nexus_fd, host_id, err));
    TRY(store_look_at(engine->database_path, &found->facts, err));
    bool is_stamped = found->facts.host_id[0] != '\0';
    found->finding = FOUND_SOUND;
    if (is_stamped && strcmp(found->facts.host_id, host_id) != 0)
        found->finding = FOUND_FOREIGN;
    else if (found->facts.last_change < found->watermark.last_change)
        found->finding = FOUND_OLDER;
    return NEXUS_OK;
}

enum nexus_status examine(const struct engine *engine, struct examination *found,
                          struct nexus_error *err)
{
    TRY(watermark_read(engine->nexus_fd, &found->watermark, err));
    found->finding = FOUND_MISSING;
    /* An empty file is none, and none may have a log. */
    if (!examine_is_there(engine, EXAMINED_NAME, 1))
        return NEXUS_OK;
    found->finding = FOUND_DAMAGED;
    if (engine->recovery.is_damage_seen) {
        fail(&found->reason, NEXUS_ERROR_DAMAGED, "'%s' is damaged", engine->database_path);
        return NEXUS_OK;
    }
    found->finding = FOUND_AS_LEFT;
    if (watermark_is_as_left(&found->watermark, engine->nexus_fd))
        return NEXUS_OK;
    enum nexus_status status =
        store_check_file(engine->database_path, VIEW_WITH_LOG, CHECK_FULL, &found->reason);
    if (status == NEXUS_OK)
        return examine_sound(engine, found, err);
    status = judge_unsound(engine, found, status);
    return status == NEXUS_OK ? NEXUS_OK : fail(err, status, "%s", found->reason.message);
}
