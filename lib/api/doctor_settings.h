/*
 * doctor_settings.h: compares the settings of a running program with those that
 * the command reads now. The program sends a mark of each value, keyed with the
 * secret file, which shows a holder of that file whether the value is the same,
 * but not what it is.
 */

#ifndef API_DOCTOR_SETTINGS_H
#define API_DOCTOR_SETTINGS_H

#include "auth/secret.h"
#include "conf/conf.h"
#include "json/json.h"
#include "json/write.h"

/* Writes an object {"section.key": mark}. */
void doctor_put_settings(const struct conf *conf, const struct secret_key *key,
	struct json_writer *w);

/* The keys that differ, "llm.model, chat.drain_ms and 3 more" in *arena*, or
 * NULL. *but*: a key that may differ, or NULL. */
const char *doctor_apart(struct arena *arena, const struct conf *conf,
	const struct secret_key *key, const struct json *settings,
	const char *but);

#endif
