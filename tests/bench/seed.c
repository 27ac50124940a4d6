/*
 * seed.c: fills the tables in bulk with rows as the product writes them, for
 * measurements of how it grows.
 *
 * 	seed NAME USERS SESSIONS MESSAGES
 * 	seed index
 *
 * makes users NAME0, NAME1, ... and SESSIONS sessions of MESSAGES messages each,
 * dealt out to them in turn, over the last year; and writes all that there is into the index
 * of the search, unless WORDS=no; the second form takes that up again. LAMPLIGHT_DB_* say
 * where; tests/bench/seed takes them from an instance. The first message of
 * session n holds the word "case<n>", which is nowhere else; other words are as
 * frequent as in a language.
 */

#include "auth/password.h"
#include "base/attr.h"
#include "base/clock.h"
#include "base/log.h"
#include "chat/indexer.h"
#include "chat/turn.h"
#include "conf/conf.h"
#include "db/bulk.h"
#include "repo/budget.h"
#include "repo/idgen.h"
#include "repo/user.h"
#include "json/name.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PASSWORD "a lamp in the window 7"
#define WORDS 30000
#define QUESTION_WORDS 12
#define ANSWER_WORDS 40
#define GAP_MS INT64_C(20000) /* between messages, at most */
#define LENGTH_MAX_MS INT64_C(86400000) /* of a session */
#define YEAR_MS INT64_C(31536000000)
#define STATEMENT_LEN ((size_t)512 << 10)
#define BAR 30
#define INDEXERS 4

static const char SESSIONS[] =
	"INSERT INTO session (id, user_id, title, chat_id, first_client_id,"
	" create_time, update_time, bytes) VALUES";
static const char MESSAGES[] =
	"INSERT INTO message (session_id, id, parent_id, role, status, active,"
	" client_id, parts, metadata, create_time, update_time) VALUES";
static const char DAYS[] = "INSERT INTO usage_day (user_id, day, messages,"
			   " input_tokens, output_tokens) VALUES";
static const char FILL_NONE[] = "DELETE FROM search_fill";
static const char FILL_ALL[] =
	"INSERT INTO search_fill (session_id, message_id, done, total)"
	" VALUES (18446744073709551615, 0, 0, ?)";
static const char FILL_LEFT[] = "SELECT done, total FROM search_fill LIMIT 1";

struct seed {
	const struct conf *conf;
	struct db *db;
	const char *name;
	uint64_t users, sessions, messages; /* of a session */
	int64_t begin_ms, gap_ms, every_ms;
	uint64_t node, random;
	struct bulk session_rows, message_rows;
	struct buf parts, metadata;
	struct arena arena; /* of a session */
	int64_t began_ms, shown_ms;
	char words[WORDS][12];
};

/* ---- words */

static uint64_t
next_random(struct seed *seed)
{
	seed->random ^= seed->random << 13;
	seed->random ^= seed->random >> 7;
	seed->random ^= seed->random << 17;
	return seed->random;
}

/* One, two or three syllables, the shorter the more frequent. */
static void
make_words(struct seed *seed)
{
	static const char consonants[] = "bdfghklmnprstvw", vowels[] = "aeiou";
	const unsigned n = 75;

	for (unsigned i = 0; i < WORDS; i++) {
		unsigned left = i;
		char *at = seed->words[i];

		do {
			*at++ = consonants[left % n / 5];
			*at++ = vowels[left % 5];
			left /= n;
		} while (left > 0);
		*at = '\0';
	}
}

/* Rank r comes as often as 1/r says (Zipf). */
static const char *
pick_word(struct seed *seed)
{
	double u = (double)(next_random(seed) >> 11) / 9007199254740992.0;

	return seed->words[(unsigned)pow(WORDS, u) - 1];
}

static void
put_words(struct seed *seed, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		buf_printf(&seed->parts, "%s%s", i > 0 ? " " : "",
			pick_word(seed));
}

/* ---- rows */

static void
sql_time(int64_t wall_ms, char out[CLOCK_ISO_LEN])
{
	clock_iso(wall_ms, out);
	out[10] = ' ';
	out[23] = '\0';
}

static uint64_t
make_id(const struct seed *seed, int64_t wall_ms, uint64_t session)
{
	return (uint64_t)(wall_ms - ID_EPOCH_MS) << 22 | seed->node << 12 |
		(session & 4095);
}

static enum err
send_full(struct seed *seed, struct bulk *bulk, const char *head, bool all)
{
	if (bulk->sql.len < STATEMENT_LEN && !all)
		return OK;
	TRY(bulk_exec(bulk, seed->db));
	buf_clear(&bulk->ends);
	bulk_begin(bulk, head);
	return OK;
}

static void
write_question(struct seed *seed, uint64_t session, uint64_t message)
{
	buf_puts(&seed->parts, "[{\"type\":\"text\",\"text\":\"");
	if (message == 0)
		buf_printf(&seed->parts, "case%" PRIu64 " ", session);
	put_words(seed, QUESTION_WORDS);
	buf_puts(&seed->parts, "?\"}]");
}

static void
write_answer(struct seed *seed, int64_t wall_ms)
{
	char time[CLOCK_ISO_LEN];

	clock_iso(wall_ms, time);
	buf_puts(&seed->parts,
		"[{\"type\":\"step-start\"},{\"type\":\"text\",\"text\":\"");
	put_words(seed, ANSWER_WORDS);
	buf_puts(&seed->parts, ".\"}]");
	buf_printf(&seed->metadata,
		"{\"createTime\":\"%s\",\"model\":\"seed\",\"status\":"
		"\"complete\",\"usage\":{\"inputTokens\":20,\"outputTokens\":"
		"60,\"totalTokens\":80},\"finishReason\":\"stop\"}",
		time);
}

struct made {
	uint64_t id, user_id, number;
	int64_t create_ms, update_ms;
	uint64_t bytes;
	const char *title;
};

static void
add_message(struct seed *seed, struct made *session, uint64_t i)
{
	int64_t wall_ms = session->create_ms + 1 + (int64_t)i * seed->gap_ms;
	uint64_t id = make_id(seed, wall_ms, session->number);
	bool asks = i % 2 == 0;
	char time[CLOCK_ISO_LEN], client_id[24];

	buf_clear(&seed->parts);
	buf_clear(&seed->metadata);
	if (asks)
		write_question(seed, session->number, i);
	else
		write_answer(seed, wall_ms);
	if (i == 0)
		session->title =
			turn_title(&seed->arena, buf_span(&seed->parts)).data;
	sql_time(wall_ms, time);
	snprintf(client_id, sizeof(client_id), "m%" PRIx64, id);
	bulk_row(&seed->message_rows,
		PARAMS(U64(session->id), U64(id),
			i == 0 ? NULL_PARAM
			       : U64(make_id(seed, wall_ms - seed->gap_ms,
					 session->number)),
			STR(asks ? "user" : "assistant"), STR("complete"),
			U64(1), asks ? STR(client_id) : NULL_PARAM,
			SPAN(buf_span(&seed->parts)),
			asks ? NULL_PARAM : SPAN(buf_span(&seed->metadata)),
			STR(time), STR(time)));
	session->bytes +=
		seed->parts.len + seed->metadata.len + BUDGET_ROW_BYTES;
	session->update_ms = wall_ms;
}

static void
add_session_row(struct seed *seed, const struct made *session)
{
	char create[CLOCK_ISO_LEN], update[CLOCK_ISO_LEN], chat_id[24];

	sql_time(session->create_ms, create);
	sql_time(session->update_ms, update);
	snprintf(chat_id, sizeof(chat_id), "c%" PRIx64, session->id);
	bulk_row(&seed->session_rows,
		PARAMS(U64(session->id), U64(session->user_id),
			STR(session->title), STR(chat_id), STR(chat_id),
			STR(create), STR(update), U64(session->bytes)));
}

/* ---- users */

static uint64_t
user_of(const struct seed *seed, uint64_t number)
{
	return make_id(
		seed, seed->begin_ms - 1 - (int64_t)(number / 4096), number);
}

static enum err
add_user(struct seed *seed, uint64_t number, const char *hash)
{
	struct user user = { .id = user_of(seed, number),
		.password_hash = hash };
	struct span name;

	user.username =
		arena_printf(&seed->arena, "%s%" PRIu64, seed->name, number);
	if (!name_read(&seed->arena, span_of(user.username), &name,
		    &user.username_key))
		return ERR_INVALID;
	return user_insert(seed->db, &user, seed->begin_ms);
}

static enum err
add_users(struct seed *seed)
{
	uint64_t replies = seed->sessions / seed->users * (seed->messages / 2);
	char hash[PASSWORD_HASH_LEN], time[CLOCK_ISO_LEN], day[11];
	struct bulk days = { 0 };

	TRY(password_hash(span_of(PASSWORD), hash));
	sql_time(seed->begin_ms, time);
	snprintf(day, sizeof(day), "%.10s", time);
	bulk_begin(&days, DAYS);
	for (uint64_t i = 0; i < seed->users; i++) {
		TRY(add_user(seed, i, hash));
		bulk_row(&days,
			PARAMS(U64(user_of(seed, i)), STR(day), U64(replies),
				U64(replies * 20), U64(replies * 60)));
	}
	TRY(bulk_exec(&days, seed->db));
	bulk_free(&days);
	return OK;
}

/* ---- the bar */

static void
show(struct seed *seed, const char *what, uint64_t done, uint64_t of)
{
	int64_t now_ms = clock_mono_ms();
	int64_t took_ms = MAX(now_ms - seed->began_ms, (int64_t)1);
	uint64_t rate = done * 1000 / (uint64_t)took_ms;
	int n = (int)(done * BAR / MAX(of, (uint64_t)1));

	if (now_ms - seed->shown_ms < 500 && done < of)
		return;
	seed->shown_ms = now_ms;
	fprintf(stderr,
		"\r%s [%.*s%*s] %" PRIu64 " of %" PRIu64 ", %" PRIu64
		"/s, %" PRIu64 " s left   %s",
		what, MIN(n, BAR), "##############################",
		BAR - MIN(n, BAR), "", done, of, rate,
		rate > 0 && of > done ? (of - done) / rate : 0,
		done >= of ? "\n" : "");
}

/* ---- */

static enum err
add_sessions(struct seed *seed)
{
	bulk_begin(&seed->session_rows, SESSIONS);
	bulk_begin(&seed->message_rows, MESSAGES);
	for (uint64_t n = 0; n < seed->sessions; n++) {
		struct made session = { .number = n,
			.user_id = user_of(seed, n % seed->users),
			.create_ms =
				seed->begin_ms + (int64_t)n * seed->every_ms };

		session.id = make_id(seed, session.create_ms, n);
		for (uint64_t i = 0; i < seed->messages; i++) {
			add_message(seed, &session, i);
			TRY(send_full(
				seed, &seed->message_rows, MESSAGES, false));
			show(seed, "messages", n * seed->messages + i + 1,
				seed->sessions * seed->messages);
		}
		add_session_row(seed, &session);
		arena_reset(&seed->arena);
		TRY(send_full(seed, &seed->session_rows, SESSIONS, false));
	}
	TRY(send_full(seed, &seed->message_rows, MESSAGES, true));
	return send_full(seed, &seed->session_rows, SESSIONS, true);
}

struct left {
	uint64_t done, total;
};

static void
read_left(struct row *row, void *out)
{
	struct left *left = out;

	left->done = row_u64(row);
	left->total = row_u64(row);
}

/* With what the programs have for it; this only waits, and shows how far it is. */
static enum err
index_all(struct seed *seed)
{
	struct timespec pause = { 0, 500000000 };
	struct left left = { 0, seed->sessions * seed->messages };
	struct indexer *indexers[INDEXERS];
	enum err err;

	if (left.total > 0) {
		TRY(db_exec(seed->db, FILL_NONE, NO_PARAMS));
		TRY(db_exec(seed->db, FILL_ALL, PARAMS(U64(left.total))));
	}
	for (size_t i = 0; i < INDEXERS; i++)
		indexers[i] = indexer_open(seed->conf);
	seed->began_ms = clock_mono_ms();
	while ((err = db_one(seed->db, &seed->arena, FILL_LEFT, NO_PARAMS,
			read_left, &left)) == OK) {
		show(seed, "words", MIN(left.done, left.total - 1), left.total);
		nanosleep(&pause, NULL);
	}
	for (size_t i = 0; i < INDEXERS; i++)
		indexer_close(indexers[i]);
	if (err != ERR_NOT_FOUND)
		return err;
	show(seed, "words", left.total, left.total);
	return OK;
}

static enum err
run(struct seed *seed)
{
	const char *words = getenv("WORDS");
	uint64_t salt = 5381;

	for (const char *c = seed->name; *c != '\0'; c++)
		salt = salt * 33 + (unsigned char)*c;
	seed->node = salt % ID_NODES;
	seed->random = salt | 1;
	seed->gap_ms = MIN(GAP_MS,
		MAX(LENGTH_MAX_MS / (int64_t)seed->messages, INT64_C(2)));
	seed->begin_ms = clock_wall_ms() - YEAR_MS;
	seed->every_ms =
		(YEAR_MS - 2 * LENGTH_MAX_MS) / (int64_t)seed->sessions;
	seed->began_ms = clock_mono_ms();
	make_words(seed);
	TRY(add_users(seed));
	TRY(add_sessions(seed));
	return words != NULL && strcmp(words, "no") == 0 ? OK : index_all(seed);
}

static uint64_t
number(const char *text)
{
	char *end;
	uint64_t value = strtoull(text, &end, 10);

	if (*end != '\0' || value == 0) {
		fprintf(stderr, "seed: \"%s\" is no number above 0\n", text);
		exit(2);
	}
	return value;
}

int
main(int argc, char **argv)
{
	static struct seed seed;
	struct arena arena = ARENA_INIT;
	struct conf conf;
	enum err err;

	bool only_index = argc == 2 && strcmp(argv[1], "index") == 0;

	if (argc != 5 && !only_index) {
		fputs("Usage: seed NAME USERS SESSIONS MESSAGES, or seed "
		      "index\n",
			stderr);
		return 2;
	}
	log_open("seed", LOG_WARN);
	seed.name = argv[1];
	seed.users = only_index ? 0 : number(argv[2]);
	seed.sessions = only_index ? 0 : number(argv[3]);
	seed.messages = only_index ? 0 : number(argv[4]);
	if (conf_load(&arena, &conf) != OK)
		return EXIT_FAILURE;
	db_library_open();
	seed.db = db_new(&conf.db);
	seed.conf = &conf;
	err = only_index ? index_all(&seed) : run(&seed);
	if (err != OK)
		fputs("\nseed: the database refused it; is NAME taken?\n",
			stderr);
	bulk_free(&seed.session_rows);
	bulk_free(&seed.message_rows);
	buf_free(&seed.parts);
	buf_free(&seed.metadata);
	db_free(seed.db);
	db_library_close();
	arena_reset(&arena);
	return err != OK;
}
