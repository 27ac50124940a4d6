/* usage.c: `lamplight usage`: usage and its cost, by user, model or day. */

#include "lamplight/operate.h"

#include "api/admin_shape.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "repo/schema.h"

#include <inttypes.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define DAYS_DEFAULT 30
#define ROWS_AT_ONCE 500
#define NAME_SHOWN 512

struct printing {
	struct usage_ask ask;
	bool json, by_given;
	struct buf out; /* of the JSON */
	struct json_writer w;
};

/* ---- options */

static bool
bad(const char *option, const char *takes)
{
	fprintf(stderr, "%s takes %s.\n", option, takes);
	return false;
}

static bool
take_day(const char *option, const char *value, const char **day)
{
	if (*day != NULL || value == NULL || !usage_is_day(value))
		return bad(option, "one day, like 2026-01-31");
	*day = value;
	return true;
}

static bool
take_option(struct printing *p, const char *option, const char *value)
{
	if (strcmp(option, "--from") == 0)
		return take_day(option, value, &p->ask.from);
	if (strcmp(option, "--to") == 0)
		return take_day(option, value, &p->ask.to);
	if (strcmp(option, "--by") != 0) {
		fprintf(stderr, "There is no option \"%s\" here.\n", option);
		return false;
	}
	if (p->by_given || value == NULL ||
		!admin_shape_usage_by(value, &p->ask.by))
		return bad(option, "one of user, model and day");
	p->by_given = true;
	return true;
}

static bool
read_options(int argc, char **argv, struct printing *p)
{
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			p->json = true;
		else if (!take_option(
				 p, argv[i], i + 1 < argc ? argv[i + 1] : NULL))
			return false;
		else
			i++;
	}
	return true;
}

static void
set_days(struct usage_ask *ask, char first[USAGE_DAY_LEN],
	char last[USAGE_DAY_LEN])
{
	usage_write_day(clock_wall_ms(), last);
	if (ask->to == NULL)
		ask->to = last;
	usage_write_day(
		usage_day_ms(ask->to) - (DAYS_DEFAULT - 1) * DAY_MS, first);
	if (ask->from == NULL)
		ask->from = first;
}

/* ---- rows */

static void
print_line(const struct usage_sum *sum)
{
	const struct usage_model *used = &sum->used;
	const char *name = sum->name != NULL ? sum->name : "(gone)";
	char shown[NAME_SHOWN], cost[32] = "-";

	/* The names may have been chosen by a site's users or by providers. */
	log_escape(shown, sizeof(shown), name, strlen(name));
	if (used->cost >= 0)
		snprintf(cost, sizeof(cost), "%" PRId64 ".%06" PRId64,
			used->cost / 1000000, used->cost % 1000000);
	printf("%9" PRIu64 " %14" PRIu64 " %14" PRIu64 " %14" PRIu64
	       " %15s  %s\n",
		used->replies, used->input_tokens, used->cached_tokens,
		used->output_tokens, cost, shown);
}

static void
go_on(struct usage_ask *ask, struct arena *arena, const struct usage_sum *last)
{
	char day[USAGE_DAY_LEN];

	ask->after = usage_place_of(last);
	if (ask->by != USAGE_BY_DAY)
		return;
	usage_write_day(usage_day_ms(last->name) + DAY_MS, day);
	ask->from = arena_str(arena, day, strlen(day));
}

static enum err
print_all(struct db *db, struct arena *arena, struct printing *p)
{
	struct usage_sums sums;

	do {
		TRY(usage_model_sums(db, arena, &p->ask, &sums));
		for (unsigned i = 0; i < sums.n; i++)
			if (p->json)
				admin_shape_usage(
					&p->w, p->ask.by, &sums.list[i]);
			else
				print_line(&sums.list[i]);
		if (sums.n > 0)
			go_on(&p->ask, arena, &sums.list[sums.n - 1]);
	} while (sums.n == p->ask.limit);
	return OK;
}

static enum err
print(const struct conf *conf, struct arena *arena, struct printing *p)
{
	struct db *db = db_new(&conf->db);
	enum err err = schema_check(db, "lamplight");

	if (err == OK && p->json)
		json_open(&p->w, '[');
	else if (err == OK)
		printf("%9s %14s %14s %14s %15s  %s to %s (UTC)\n", "replies",
			"tokens read", "of a cache", "written", "cost",
			p->ask.from, p->ask.to);
	if (err == OK)
		err = print_all(db, arena, p);
	if (err != OK)
		fprintf(stderr, "The database cannot be used. %s\n",
			db_reason(db) != NULL ? db_reason(db) : "");
	db_free(db);
	if (err == OK && p->json) {
		json_close(&p->w, ']');
		puts(buf_str(&p->out));
	}
	return err;
}

int
usage_main(int argc, char **argv)
{
	struct printing p = { .ask = { .limit = ROWS_AT_ONCE,
				      .after = USAGE_FIRST } };
	char first[USAGE_DAY_LEN], last[USAGE_DAY_LEN];
	struct arena arena = ARENA_INIT;
	struct conf conf;
	enum err err;

	if (!read_options(argc, argv, &p))
		return 2;
	set_days(&p.ask, first, last);
	if (strcmp(p.ask.from, p.ask.to) > 0) {
		fprintf(stderr, "--from %s is later than --to %s.\n",
			p.ask.from, p.ask.to);
		return 1;
	}
	p.w = json_writer(&p.out);
	err = conf_load(&arena, &conf);
	db_library_open();
	if (err == OK)
		err = print(&conf, &arena, &p);
	db_library_close();
	buf_free(&p.out);
	arena_reset(&arena);
	return err != OK;
}
