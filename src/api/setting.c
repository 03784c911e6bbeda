// SPDX-License-Identifier: MIT
#include "nexus/setting.h"

#include "base/error.h"
#include "engine/settings_file.h"

enum nexus_status nexus_list_settings(const char *dir, nexus_setting_listener *listener,
                                      nexus_setting_problems *problems, void *context,
                                      struct nexus_error *err)
{
    if (!listener)
        return fail(err, NEXUS_ERROR_ARGUMENT, "somebody to tell is needed");
    return settings_file_list(dir, listener, problems, context, err);
}

enum nexus_status nexus_change_setting(const char *dir, const char *name, const char *value,
                                       struct nexus_error *err)
{
    if (!dir || !name)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a folder and a setting's name are needed");
    return settings_file_change(dir, name, value, err);
}
