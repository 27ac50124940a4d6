/*
 * recent.h: answers of the database that are believed for a moment: a map of
 * fixed size from a text to a number. An entry that another one displaces is
 * only asked for again. Thread-safe.
 */

#ifndef API_RECENT_H
#define API_RECENT_H

#include <stdbool.h>
#include <stdint.h>

#define RECENT_MS 500 /* how long an answer is believed */

struct recent;

struct recent *recent_new(void);
void recent_free(struct recent *recent);

/* Whether an answer for *key* was asked for less than RECENT_MS before
 * *now_ms* (clock_mono_ms()). */
bool recent_get(struct recent *recent, const char *key, int64_t now_ms,
	uint64_t *value);

/* *asked_ms* is the moment before the question was sent. */
void recent_put(struct recent *recent, const char *key, int64_t asked_ms,
	uint64_t value);

void recent_drop(struct recent *recent, const char *key);

#endif
