/* searchtest.h: sessions and texts for searches, and their results. */

#ifndef UNIT_REPO_SEARCHTEST_H
#define UNIT_REPO_SEARCHTEST_H

#include "repo/search.h"
#include "testdb.h"

#define NOW INT64_C(1750000000123)

uint64_t searchtest_titled(
	struct testdb *t, uint64_t user_id, const char *title, int64_t now_ms);
uint64_t searchtest_session(struct testdb *t, uint64_t user_id, int64_t now_ms);

/* Writes the text of a message into the index. */
void searchtest_put(struct testdb *t, uint64_t user_id, uint64_t session_id,
	uint64_t id, const char *body);

/* Parts with this body, which must not contain quotes or backslashes. */
struct span searchtest_parts(struct testdb *t, const char *body);

/* Adds a message and indexes it. */
uint64_t searchtest_say(struct testdb *t, uint64_t user_id, uint64_t session_id,
	const char *body);

/* Changes the text of a message. */
void searchtest_change(struct testdb *t, uint64_t user_id, uint64_t session_id,
	uint64_t id, const char *body);

struct search_page searchtest_find(
	struct testdb *t, uint64_t user_id, const char *query, unsigned limit);
/* The number of hits, up to 50. */
unsigned
searchtest_count(struct testdb *t, uint64_t user_id, const char *query);

#endif
