/*
 * growth_test.c: the cost of reads and deletions does not grow with the stored
 * data. Counted in rows that the server touches for this connection, not in
 * time.
 */

#include "repo/session.h"

#include "../unit.h"
#include "db/bulk.h"
#include "repo/erase.h"
#include "repo/history.h"
#include "repo/search.h"
#include "repo/search_index.h"
#include "testdb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PER_SESSION 10
#define FEW 60 /* sessions */
#define MANY 2000
#define TIME_TEXT "2025-06-15 15:06:40.123"

struct site {
	struct testdb *t;
	uint64_t user_id;
	uint64_t first; /* the id of the first session; the others follow */
	unsigned n;
	unsigned per_session;
};

/* ---- filling */

static const char SESSIONS[] =
	"INSERT INTO session (id, user_id, title, create_time, update_time)"
	" VALUES";
static const char MESSAGES[] =
	"INSERT INTO message (session_id, id, role, status, active, parts,"
	" create_time, update_time) VALUES";

static uint64_t
session_at(const struct site *site, unsigned i)
{
	return site->first + (uint64_t)i * (site->per_session + 1);
}

/* "common", and "only<n>" for the n-th message of the site. */
static const char *
text_of(const struct site *site, unsigned session, unsigned i)
{
	return arena_printf(&site->t->arena, "common only%05u of some words",
		session * site->per_session + i);
}

static void
put_texts(const struct site *site, unsigned session)
{
	struct index_text texts[PER_SESSION];
	bool due;

	for (unsigned i = 0; i < PER_SESSION; i++)
		texts[i] = (struct index_text){ site->user_id,
			session_at(site, session),
			session_at(site, session) + 1 + i,
			span_of(text_of(site, session, i)) };
	assert_int_equal(index_put(site->t->db, texts, PER_SESSION), OK);
	assert_int_equal(index_is_due(site->t->db, site->user_id, &due), OK);
	if (due)
		assert_int_equal(index_merge(site->t->db, site->user_id), OK);
}

static void
fill(const struct site *site)
{
	struct bulk sessions = { 0 }, messages = { 0 };

	bulk_begin(&sessions, SESSIONS);
	bulk_begin(&messages, MESSAGES);
	for (unsigned s = 0; s < site->n; s++) {
		uint64_t id = session_at(site, s);

		bulk_row(&sessions,
			PARAMS(U64(id), U64(site->user_id), STR("A title"),
				STR(TIME_TEXT), STR(TIME_TEXT)));
		for (unsigned i = 0; i < site->per_session; i++)
			bulk_row(&messages,
				PARAMS(U64(id), U64(id + 1 + i), STR("user"),
					STR("complete"), U64(1),
					STR(arena_printf(&site->t->arena,
						"[{\"type\":\"text\",\"text\":"
						"\"%s\"}]",
						text_of(site, s, i))),
					STR(TIME_TEXT), STR(TIME_TEXT)));
	}
	assert_int_equal(bulk_exec(&sessions, site->t->db), OK);
	assert_int_equal(bulk_exec(&messages, site->t->db), OK);
	bulk_free(&sessions);
	bulk_free(&messages);
}

static struct site
make(struct testdb *t, unsigned n, unsigned per_session)
{
	static uint64_t room;
	struct site site = { t, testdb_user(t), 0, n, per_session };

	site.first = testdb_id() + (room += UINT64_C(10000000));
	fill(&site);
	if (per_session == PER_SESSION)
		for (unsigned s = 0; s < n; s++)
			put_texts(&site, s);
	return site;
}

/* ---- counting */

struct touched {
	uint64_t read, deleted;
};

static enum err
add_count(struct row *row, void *arg)
{
	struct touched *touched = arg;
	const char *name = row_str(row);
	uint64_t n = strtoull(row_str(row), NULL, 10);

	if (strcmp(name, "Handler_delete") == 0)
		touched->deleted += n;
	/* SHOW itself reads rows in this way. */
	else if (strstr(name, "_rnd") == NULL)
		touched->read += n;
	return OK;
}

static struct touched
count_now(struct testdb *t)
{
	static const char SHOW[] =
		"SHOW SESSION STATUS WHERE variable_name = 'Handler_delete'"
		" OR variable_name LIKE 'Handler_read%'";
	struct touched touched = { 0 };

	assert_int_equal(
		db_each(t->db, &t->arena, SHOW, NO_PARAMS, add_count, &touched),
		OK);
	return touched;
}

/* The rows that the work touches. */
static struct touched
count(const struct site *site, void (*work)(const struct site *))
{
	struct touched idle = count_now(site->t), before = count_now(site->t),
		       after;

	work(site);
	after = count_now(site->t);
	return (struct touched){
		after.read - before.read - (before.read - idle.read),
		after.deleted - before.deleted,
	};
}

/* ---- kinds of work */

static void
list(const struct site *site)
{
	const struct session_filter filter = { .user_id = site->user_id,
		.pins = SESSION_ANY_PIN };
	struct session_page page;

	assert_int_equal(session_list(site->t->db, &site->t->arena, filter,
				 SESSION_LIST_START, 20, &page),
		OK);
	assert_int_equal(page.n, 20);
}

static void
read_history(const struct site *site)
{
	const struct history_range range = { .session_id = session_at(site, 7),
		.user_id = site->user_id,
		.limit = 10 };
	struct history history;

	assert_int_equal(
		history_before(site->t->db, &site->t->arena, &range, &history),
		OK);
	assert_int_equal(history.n, 10);
}

static void
find(const struct site *site, const char *query, unsigned n)
{
	struct search_page page;

	assert_int_equal(search_find(site->t->db, &site->t->arena,
				 site->user_id, span_of(query), 20, &page),
		OK);
	assert_int_equal(page.n, n);
}

static void
find_common(const struct site *site)
{
	find(site, "common", 20);
}

static void
find_two_letters(const struct site *site)
{
	find(site, "co", 20);
}

static void
find_one_letter(const struct site *site)
{
	find(site, "c", 20);
}

static void
find_oldest(const struct site *site)
{
	find(site, "only00003 common", 1);
}

static void
find_none(const struct site *site)
{
	find(site, "commons words", 0);
}

static void
delete_one(const struct site *site)
{
	uint64_t id = session_at(site, 9);

	assert_int_equal(session_delete(site->t->db, &site->t->arena,
				 site->user_id, &id, 1),
		OK);
}

static void
delete_account(const struct site *site)
{
	assert_int_equal(
		erase_user(site->t->db, &site->t->arena, site->user_id), OK);
}

static void
erase_step(const struct site *site)
{
	assert_int_equal(erase_rest(site->t->db, site->user_id, 1), OK);
}

/* ---- tests */

/* The same for 20,000 messages as for 600, except one row per 256 texts for a
 * word that occurs only in the oldest text, or in none. */
static void
reads_do_not_grow(void **state)
{
	static const struct {
		const char *name;
		void (*work)(const struct site *);
		uint64_t segment_rows; /* rows read per segment */
	} works[] = {
		{ "list", list, 0 },
		{ "history", read_history, 0 },
		{ "common word", find_common, 0 },
		{ "two letters", find_two_letters, 0 },
		{ "one letter", find_one_letter, 0 },
		{ "word of the oldest", find_oldest, 3 },
		{ "no such word", find_none, 2 },
		{ "delete", delete_one, 0 },
	};
	struct testdb *t = *state;
	struct site few = make(t, FEW, PER_SESSION),
		    many = make(t, MANY, PER_SESSION);
	uint64_t segments = MANY * PER_SESSION / 256;

	for (size_t i = 0; i < LENGTH(works); i++) {
		struct touched small = count(&few, works[i].work),
			       large = count(&many, works[i].work);

		printf("# %s: %llu rows of 600 messages, %llu of 20000\n",
			works[i].name, (unsigned long long)small.read,
			(unsigned long long)large.read);
		assert_true(small.read > 0);
		assert_in_range(large.read, 1,
			small.read * 12 / 10 + 16 +
				works[i].segment_rows * segments);
		assert_in_range(large.deleted, 0, small.deleted + 2);
	}
}

static void
a_large_session_goes_bit_by_bit(void **state)
{
	struct testdb *t = *state;
	struct site site = make(t, FEW, 1), large;

	large = site;
	large.first = session_at(&site, 9) + 100000000;
	large.n = 10;
	large.per_session = 2000;
	fill(&large);
	assert_in_range(count(&large, delete_one).deleted, 500, 520);
	for (uint64_t left = 1; left > 0;) {
		assert_in_range(count(&large, erase_step).deleted, 0, 260);
		left = testdb_number(t,
			"SELECT COUNT(*) FROM erasure WHERE user_id = ?",
			site.user_id);
	}
	assert_int_equal(testdb_number(t,
				 "SELECT COUNT(*) FROM message"
				 " WHERE session_id = ?",
				 session_at(&large, 9)),
		0);
	assert_int_equal(testdb_number(t,
				 "SELECT COUNT(*) FROM message"
				 " WHERE session_id = ?",
				 session_at(&large, 8)),
		2000);
}

/* The account is deleted at once, the rest in small transactions, which another
 * process continues where the first has stopped. */
static void
a_user_goes_bit_by_bit(void **state)
{
	static const char *const tables[] = { "session", "search_recent",
		"search_word", "search_segment", "search_place", "erasure",
		"usage_day", "usage_model" };
	struct testdb *t = *state;
	struct site site = make(t, 300, PER_SESSION);
	struct db *other = db_new(&t->conf.db);
	uint64_t first = session_at(&site, 0), last = session_at(&site, 299);
	unsigned steps = 0;

	assert_in_range(count(&site, delete_account).deleted, 1, 10);
	for (; steps < 5; steps++)
		assert_in_range(count(&site, erase_step).deleted, 1, 800);
	assert_true(testdb_number(t,
			    "SELECT COUNT(*) FROM session WHERE user_id = ?",
			    site.user_id) > 0);
	while (erase_some(other) == OK)
		steps++;
	db_free(other);
	/* ten sessions each, and the words */
	assert_in_range(steps, 30, 45);
	for (size_t i = 0; i < LENGTH(tables); i++)
		assert_int_equal(testdb_number(t,
					 arena_printf(&t->arena,
						 "SELECT COUNT(*) FROM %s"
						 " WHERE user_id = ?",
						 tables[i]),
					 site.user_id),
			0);
	for (uint64_t id = first; id <= last; id += last - first)
		assert_int_equal(testdb_number(t,
					 "SELECT COUNT(*) FROM message"
					 " WHERE session_id = ?",
					 id),
			0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_do_not_grow),
		cmocka_unit_test(a_large_session_goes_bit_by_bit),
		cmocka_unit_test(a_user_goes_bit_by_bit),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
