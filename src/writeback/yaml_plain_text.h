// SPDX-License-Identifier: MIT
/* Which texts YAML reads as themselves without quotes. */
#ifndef WRITEBACK_YAML_PLAIN_TEXT_H
#define WRITEBACK_YAML_PLAIN_TEXT_H

#include "writeback/yaml_text.h"

/** Whether the text, all of it printable, needs no quotes. In doubt it does. */
bool yaml_is_plain(struct str text, enum yaml_place place);

#endif
