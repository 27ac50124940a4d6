/*
 * doctor_settings.h: whether a running program has the settings that the command
 * reads now. It says a mark of each, keyed with the secret file, which tells
 * whoever has that file whether a value is the same, and not what it is.
 */

#ifndef API_DOCTOR_SETTINGS_H
#define API_DOCTOR_SETTINGS_H

#include "auth/secret.h"
#include "conf/conf.h"
#include "json/json.h"
#include "json/write.h"

/* An object of {"section.key": mark}. */
void doctor_put_settings(const struct conf *conf, const struct secret_key *key,
	struct json_writer *w);

/* The keys that differ, "llm.model, chat.drain_ms and 3 more" in *arena*, or NULL.
 * *but*: one that may, or NULL. */
const char *doctor_apart(struct arena *arena, const struct conf *conf,
	const struct secret_key *key, const struct json *settings,
	const char *but);

#endif
