/*
 * admin_setting.h: site-wide settings that administrators change
 * (repo/setting.h).
 */

#ifndef API_ADMIN_SETTING_H
#define API_ADMIN_SETTING_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

/* The assistant with which everybody's new chats begin, if they may see it; 0:
 * none. */
MUST_USE enum err
admin_setting_assistant(struct db *db, struct arena *arena, uint64_t *id);

#endif
