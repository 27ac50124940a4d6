/* stats.c: `lamplight stats`: the amount of data and of activity. */

#include "lamplight/operate.h"

#include "base/clock.h"
#include "conf/conf.h"
#include "repo/gauge.h"
#include "repo/stats.h"
#include "json/write.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

struct all {
	struct stats stats;
	struct gauges gauges;
};

static const struct line {
	const char *key, *words;
	size_t offset;
} lines[] = {
#define STAT(key, member, words)                         \
	{                                                \
		key, words, offsetof(struct all, member) \
	}
	STAT("users", stats.users, "users"),
	STAT("logins", stats.logins, "browsers logged in"),
	STAT("sessions", stats.sessions, "chats, about"),
	STAT("messages", stats.messages, "messages, about"),
	STAT("bytes", stats.bytes, "bytes in the tables, about"),
	STAT("streams", gauges.replies_running, "replies running"),
	STAT("workers", gauges.nodes_leased, "processes with a lease"),
	STAT("searchPending", gauges.search_pending,
		"texts not searchable yet (10000: or more)"),
	STAT("erasures", gauges.erasures,
		"deletions not finished (10000: or more)"),
	STAT("userLimits", gauges.user_limits,
		"users with limits of their own (10000: or more)"),
	STAT("usersToday", stats.today.users, "users today (UTC)"),
	STAT("repliesToday", stats.today.replies, "replies today"),
	STAT("inputTokensToday", stats.today.input_tokens, "tokens read today"),
	STAT("outputTokensToday", stats.today.output_tokens,
		"tokens written today"),
	STAT("usersWeek", stats.week.users, "users in seven days"),
	STAT("repliesWeek", stats.week.replies, "replies in seven days"),
	STAT("inputTokensWeek", stats.week.input_tokens,
		"tokens read in seven days"),
	STAT("outputTokensWeek", stats.week.output_tokens,
		"tokens written in seven days"),
#undef STAT
};

static int64_t
value_of(const struct all *all, const struct line *line)
{
	return *(const int64_t *)(const void *)((const char *)all +
		line->offset);
}

static void
print_words(const struct all *all)
{
	for (size_t i = 0; i < LENGTH(lines); i++) {
		int64_t value = value_of(all, &lines[i]);

		if (value == STATS_UNKNOWN)
			printf("%20s  %s\n", "not counted in time",
				lines[i].words);
		else
			printf("%20" PRId64 "  %s\n", value, lines[i].words);
	}
}

static void
print_json(const struct all *all)
{
	struct buf out = BUF_INIT;
	struct json_writer w = json_writer(&out);

	json_open(&w, '{');
	for (size_t i = 0; i < LENGTH(lines); i++) {
		int64_t value = value_of(all, &lines[i]);

		json_key(&w, lines[i].key);
		if (value == STATS_UNKNOWN)
			json_put_null(&w);
		else
			json_put_int(&w, value);
	}
	json_close(&w, '}');
	puts(buf_str(&out));
	buf_free(&out);
}

static enum err
read_all(const struct conf *conf, struct arena *arena, struct all *out)
{
	struct db *db = db_new(&conf->db);
	int64_t now_ms = clock_wall_ms();
	enum err err = stats_read(db, arena, now_ms, &out->stats);

	if (err == OK)
		err = gauge_read(db, arena, now_ms, &out->gauges);
	if (err != OK)
		fprintf(stderr, "The database cannot be used. %s\n",
			db_reason(db) != NULL ? db_reason(db) : "");
	db_free(db);
	return err;
}

int
stats_main(int argc, char **argv)
{
	struct arena arena = ARENA_INIT;
	struct all all = { 0 };
	struct conf conf;
	bool json = argc == 1 && strcmp(argv[0], "--json") == 0;
	enum err err;

	if (argc > 1 || (argc == 1 && !json))
		return 2;
	err = conf_load(&arena, &conf);
	db_library_open();
	if (err == OK)
		err = read_all(&conf, &arena, &all);
	db_library_close();
	if (err == OK && json)
		print_json(&all);
	else if (err == OK)
		print_words(&all);
	arena_reset(&arena);
	return err != OK;
}
