// SPDX-License-Identifier: MIT
/* The file `.nexus/config.json`, for whoever has no vault open. */
#ifndef ENGINE_SETTINGS_FILE_H
#define ENGINE_SETTINGS_FILE_H

#include "nexus/setting.h"

/** As nexus_list_settings(). */
enum nexus_status settings_file_list(const char *dir, nexus_setting_listener *listener,
                                     nexus_setting_problems *problems, void *context,
                                     struct nexus_error *err);
/** As nexus_change_setting(). */
enum nexus_status settings_file_change(const char *dir, const char *name, const char *value,
                                       struct nexus_error *err);

#endif
