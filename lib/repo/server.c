#include "repo/server.h"

#include "base/clock.h"
#include "repo/schema.h"
#include "repo/snowflake.h"
#include "repo/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* For a batch of the journal, and for the parts of the longest reply. */
#define PACKET_WANTED (INT64_C(16) << 20)
/* For index prefixes of 1,032 bytes. */
#define PAGE_SIZE_MIN 8192

/* Names as parameters, because the two servers have different variables. */
static const char VARIABLES[] =
	"SHOW GLOBAL VARIABLES WHERE variable_name IN ('version', 'read_only',"
	" 'super_read_only', 'innodb_read_only', 'innodb_force_recovery',"
	" 'enforce_storage_engine', 'disabled_storage_engines',"
	" 'innodb_default_row_format', 'innodb_page_size', 'log_bin',"
	" 'binlog_format', 'max_allowed_packet',"
	" 'innodb_flush_log_at_trx_commit')";

static const char FOREIGN_ENGINES[] =
	"SELECT table_name, engine FROM information_schema.tables"
	" WHERE table_schema = DATABASE() AND engine <> 'InnoDB'"
	" AND table_name IN ('user', 'login', 'session', 'message',"
	" 'message_delta', 'worker')";

/* The columns that hold texts written by people. */
static const char NARROW_TEXTS[] =
	"SELECT table_name, column_name, character_set_name"
	" FROM information_schema.columns WHERE table_schema = DATABASE()"
	" AND character_set_name <> 'utf8mb4' AND"
	" (table_name = 'message' AND column_name IN ('parts', 'metadata')"
	" OR table_name = 'message_delta' AND column_name = 'body'"
	" OR table_name = 'session' AND column_name = 'title')";

/* Privileges are usually granted for all tables at once, so checking some of
 * them suffices. These statements change nothing; the server refuses those
 * without privilege. IGNORE allows columns without a default. */
#define TABLE(name, key)                                                     \
	{                                                                    \
		name,                                                        \
			"INSERT IGNORE INTO " name " (" key ") SELECT " key  \
			" FROM " name " WHERE FALSE",                        \
			"UPDATE " name " SET " key " = " key " WHERE FALSE", \
			"DELETE FROM " name " WHERE FALSE"                   \
	}

static const struct table {
	const char *name, *insert, *update, *delete;
} tables[] = {
	TABLE("message", "id"),
	TABLE("message_delta", "seq"),
	TABLE("session", "id"),
	TABLE("worker", "id"),
	TABLE("user", "id"),
	TABLE("login", "id"),
};

struct survey {
	struct db *db;
	struct arena *arena;
	enum server_for what;
	server_say *say;
	void *arg;
	bool fatal, logs_statements, has_binlog;
};

static void
tell(struct survey *survey, bool fatal, const char *sentence)
{
	survey->fatal |= fatal;
	survey->say(survey->arg, fatal, sentence);
}

/* ---- settings */

static bool
is_on(const char *value)
{
	return strcmp(value, "0") != 0 && strcasecmp(value, "OFF") != 0;
}

static bool
is_foreign_engine(const char *value)
{
	return value[0] != '\0' && strcasecmp(value, "InnoDB") != 0;
}

static bool
has_innodb(const char *value)
{
	return strcasestr(value, "InnoDB") != NULL;
}

static bool
is_short_format(const char *value)
{
	return strcasecmp(value, "compact") == 0 ||
		strcasecmp(value, "redundant") == 0;
}

static bool
is_small_page(const char *value)
{
	return strtoll(value, NULL, 10) < PAGE_SIZE_MIN;
}

static bool
is_small_packet(const char *value)
{
	return strtoll(value, NULL, 10) < PACKET_WANTED;
}

static bool
is_not_one(const char *value)
{
	return strcmp(value, "1") != 0;
}

/* Parses "10.11.19-MariaDB-..." and "9.7.4-2". */
static bool
is_old(const char *value)
{
	char *end;
	long major = strtol(value, &end, 10);
	long minor = *end == '.' ? strtol(end + 1, &end, 10) : 0;
	long patch = *end == '.' ? strtol(end + 1, &end, 10) : 0;
	long number = major * 10000 + minor * 100 + patch;

	return number < (strstr(value, "MariaDB") != NULL ? 100600 : 80001);
}

static const struct demand {
	const char *variable;
	bool (*is_bad)(const char *value);
	bool fatal;
	/* SERVER_FOR_WORK: always checked; else only then. */
	enum server_for from;
	/* What the sentence says around the value. */
	const char *before, *after;
} demands[] = {
	{ "version", is_old, true, SERVER_FOR_WORK,
		"The database server is version ",
		"; it takes MariaDB 10.6 or MySQL 8.0.1, or newer." },
	{ "read_only", is_on, true, SERVER_FOR_WORK,
		"The database is read-only (read_only = ",
		"): is it a replica? Set read_only = OFF, or db.host to the "
		"primary." },
	{ "super_read_only", is_on, true, SERVER_FOR_WORK,
		"The database is read-only (super_read_only = ",
		"): is it a replica? Set it OFF, or db.host to the primary." },
	{ "innodb_read_only", is_on, true, SERVER_FOR_WORK,
		"The database is read-only (innodb_read_only = ",
		"); start the server without it." },
	{ "innodb_force_recovery", is_on, true, SERVER_FOR_WORK,
		"The database is being repaired (innodb_force_recovery = ",
		"); start the server without it." },
	{ "enforce_storage_engine", is_foreign_engine, true, SERVER_FOR_TABLES,
		"The database makes no InnoDB tables (enforce_storage_engine = ",
		"); remove that setting." },
	{ "disabled_storage_engines", has_innodb, true, SERVER_FOR_TABLES,
		"The database makes no InnoDB tables "
		"(disabled_storage_engines = ",
		"); remove that setting." },
	{ "innodb_default_row_format", is_short_format, true, SERVER_FOR_TABLES,
		"The database's innodb_default_row_format is ",
		", in which keys are too short; set it to dynamic." },
	{ "innodb_page_size", is_small_page, true, SERVER_FOR_TABLES,
		"The database's innodb_page_size is ",
		", in which keys are too short; a server with at least 8192 is "
		"needed." },
	{ "max_allowed_packet", is_small_packet, false, SERVER_FOR_ALL,
		"The database's max_allowed_packet is ",
		" bytes: messages and replies that are larger cannot be "
		"stored. Set it to 16M at least, and above http.body_max." },
	{ "innodb_flush_log_at_trx_commit", is_not_one, false, SERVER_FOR_ALL,
		"The database's innodb_flush_log_at_trx_commit is ",
		": a crash of its host may lose the last second. Set it to 1." },
};

static bool
applies(const struct survey *survey, const struct demand *demand)
{
	return demand->from == SERVER_FOR_WORK || survey->what == demand->from;
}

static enum err
take_variable(struct row *row, void *arg)
{
	struct survey *survey = arg;
	const char *name = row_str(row), *value = row_str(row);

	if (strcmp(name, "log_bin") == 0)
		survey->has_binlog = is_on(value);
	if (strcmp(name, "binlog_format") == 0)
		survey->logs_statements = strcasecmp(value, "STATEMENT") == 0;
	for (size_t i = 0; i < LENGTH(demands); i++) {
		const struct demand *demand = &demands[i];

		if (strcmp(demand->variable, name) == 0 &&
			applies(survey, demand) && demand->is_bad(value))
			tell(survey, demand->fatal,
				arena_printf(survey->arena, "%s%s%s",
					demand->before, value, demand->after));
	}
	return OK;
}

static enum err
look_at_settings(struct survey *survey)
{
	TRY(db_each(survey->db, survey->arena, VARIABLES, NO_PARAMS,
		take_variable, survey));
	if (survey->has_binlog && survey->logs_statements &&
		survey->what == SERVER_FOR_ALL)
		tell(survey, false,
			"The database's binlog_format is STATEMENT: "
			"transactions run as REPEATABLE READ, which is slower. "
			"Set it to ROW or MIXED.");
	return OK;
}

/* ---- tables */

static enum err
take_engine(struct row *row, void *arg)
{
	struct survey *survey = arg;
	const char *table = row_str(row), *engine = row_str(row);

	tell(survey, true,
		arena_printf(survey->arena,
			"The table %s is of the engine %s, which loses what it "
			"acknowledged; ALTER TABLE %s ENGINE = InnoDB.",
			table, engine, table));
	return OK;
}

static enum err
take_column(struct row *row, void *arg)
{
	struct survey *survey = arg;
	const char *table = row_str(row), *column = row_str(row),
		   *charset = row_str(row);

	tell(survey, true,
		arena_printf(survey->arena,
			"%s.%s is in the character set %s, which cannot hold "
			"every text; ALTER TABLE %s CONVERT TO CHARACTER SET "
			"utf8mb4.",
			table, column, charset, table));
	return OK;
}

static enum err
look_at_tables(struct survey *survey)
{
	TRY(db_each(survey->db, survey->arena, FOREIGN_ENGINES, NO_PARAMS,
		take_engine, survey));
	return db_each(survey->db, survey->arena, NARROW_TEXTS, NO_PARAMS,
		take_column, survey);
}

/* ---- privileges */

/* Reports a statement that fails, with the database's reason. */
static enum err
may(struct survey *survey, const char *sql, const char *verb, const char *table)
{
	enum err err = db_exec(survey->db, sql, NO_PARAMS);

	if (err == OK)
		return OK;
	tell(survey, true,
		arena_printf(survey->arena, "%s %s: %s", verb, table,
			db_reason(survey->db) != NULL ? db_reason(survey->db)
						      : "it fails."));
	return ERR_CONFLICT;
}

static enum err
may_use(struct survey *survey, const struct table *table)
{
	TRY(may(survey, table->insert, "INSERT INTO", table->name));
	TRY(may(survey, table->update, "UPDATE", table->name));
	return may(survey, table->delete, "DELETE FROM", table->name);
}

/* The quick check covers only the most important table. */
static enum err
look_at_rights(struct survey *survey)
{
	for (size_t i = 0; i < LENGTH(tables); i++) {
		TRY(may_use(survey, &tables[i]));
		if (survey->what == SERVER_FOR_WORK)
			break;
	}
	return OK;
}

/* ---- the clock */

/* Ids contain the time: none are generated if the clocks differ too much. */
static enum err
look_at_clock(struct survey *survey)
{
	int64_t before_ms = clock_wall_ms(), there_ms, apart_ms;

	TRY(worker_clock(survey->db, &there_ms));
	if (there_ms < before_ms)
		apart_ms = before_ms - there_ms;
	else
		apart_ms = MAX(there_ms - clock_wall_ms(), (int64_t)0);
	if (apart_ms > SNOWFLAKE_SKEW_MAX_MS)
		tell(survey, true,
			arena_printf(survey->arena,
				"The clock of this host and the database's are "
				"%lld minutes apart, and nothing can be stored: "
				"set both right, by NTP.",
				(long long)(apart_ms / 60000)));
	return OK;
}

enum err
server_check(struct db *db, struct arena *arena, enum server_for what,
	server_say *say, void *arg)
{
	struct survey survey = {
		.db = db, .arena = arena, .what = what, .say = say, .arg = arg
	};

	TRY(look_at_settings(&survey));
	if (survey.fatal)
		return ERR_CONFLICT;
	if (what != SERVER_FOR_TABLES) {
		TRY(look_at_clock(&survey));
		TRY(look_at_tables(&survey));
		TRY(look_at_rights(&survey));
	}
	return survey.fatal ? ERR_CONFLICT : OK;
}

/* ---- for /ready */

struct trouble {
	struct arena *arena;
	const char *sentence;
};

static void
keep_first(void *arg, bool fatal, const char *sentence)
{
	struct trouble *trouble = arg;

	if (fatal && trouble->sentence == NULL)
		trouble->sentence =
			arena_printf(trouble->arena, "%s", sentence);
}

const char *
server_trouble(struct db *db, struct arena *arena, const char *program)
{
	struct trouble trouble = { arena, NULL };
	enum err err = schema_check(db, program);

	if (err == ERR_CONFLICT)
		return "The database's tables are not those of this release; "
		       "run: lamplight migrate";
	if (err == OK)
		err = server_check(
			db, arena, SERVER_FOR_WORK, keep_first, &trouble);
	if (err == OK || trouble.sentence != NULL)
		return trouble.sentence;
	return db_reason(db) != NULL ? db_reason(db)
				     : "The database cannot be used.";
}
