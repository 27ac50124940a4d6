#include "repo/schema.h"

#include "base/log.h"
#include "repo/schema_foreign.h"
#include "repo/schema_step.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LOCK_TRIES 6
/* Bit in schema_version.done: the statement after the finished ones was sent,
 * and its outcome is unknown. */
#define SENT 0x8000u

static const char CREATE[] = "CREATE TABLE IF NOT EXISTS schema_version ("
			     " version SMALLINT UNSIGNED NOT NULL PRIMARY KEY,"
			     " name VARCHAR(128) NOT NULL,"
			     " checksum CHAR(64) NOT NULL,"
			     " done SMALLINT UNSIGNED NOT NULL,"
			     " apply_time DATETIME(3) NULL"
			     ") ENGINE = InnoDB DEFAULT CHARSET = utf8mb4";

/* Other applications may also have a table of that name. */
static const char EXISTS[] =
	"SELECT COUNT(*), COALESCE(SUM(column_name IN"
	" ('version', 'name', 'checksum', 'done', 'apply_time')) = 5, 0)"
	" FROM information_schema.columns"
	" WHERE table_schema = DATABASE() AND table_name = 'schema_version'";

/* A step with apply_time NULL has only been begun. */
static const char STATE[] = "SELECT COUNT(apply_time), COUNT(*), MAX(version)"
			    " FROM schema_version";

static const char FIND[] = "SELECT name, checksum, done, apply_time IS NOT NULL"
			   " FROM schema_version WHERE version = ?";

static const char BEGIN[] =
	"REPLACE INTO schema_version (version, name, checksum, done)"
	" VALUES (?, ?, ?, 0)";

static const char ADVANCE[] =
	"UPDATE schema_version SET done = ? WHERE version = ?";

static const char FINISH[] =
	"UPDATE schema_version SET apply_time = NOW(3) WHERE version = ?";

static const char CHECKSUM[] = "SELECT SHA2(?, 256)";

/* Shorter than the client's own timeout for an answer. */
static const char LOCK[] = "SELECT GET_LOCK('lamplight.migrate', 10)";
static const char LOCKED[] =
	"SELECT IS_USED_LOCK('lamplight.migrate') <=> CONNECTION_ID()";
static const char UNLOCK[] = "SELECT RELEASE_LOCK('lamplight.migrate')";

struct state {
	uint64_t applied, begun, highest;
};

struct versions { /* the table schema_version */
	bool is_there, is_ours;
};

struct record {
	const char *name, *checksum;
	uint64_t done;
	bool sent;
	bool applied;
};

static void
read_str(struct row *row, void *out)
{
	*(const char **)out = row_str(row);
}

static void
read_state(struct row *row, void *out)
{
	struct state *state = out;

	state->applied = row_u64(row);
	state->begun = row_u64(row);
	state->highest = row_u64(row);
}

static void
read_versions(struct row *row, void *out)
{
	struct versions *versions = out;

	versions->is_there = row_u64(row) > 0;
	versions->is_ours = row_u64(row) != 0;
}

static void
read_record(struct row *row, void *out)
{
	struct record *record = out;

	record->name = row_str(row);
	record->checksum = row_str(row);
	record->done = row_u64(row);
	record->sent = (record->done & SENT) != 0;
	record->done &= ~(uint64_t)SENT;
	record->applied = row_u64(row) != 0;
}

/* Reports the sentence and returns *err*. */
static enum err tell(const struct schema_run *run, enum err err,
	const char *format, ...) PRINTF_LIKE(3, 4);

static enum err
tell(const struct schema_run *run, enum err err, const char *format, ...)
{
	char sentence[512];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	run->say(run->arg, sentence);
	return err;
}

/* ---- the lock */

static enum err
lock(const struct schema_run *run)
{
	uint64_t got = 0;

	for (int i = 0; i < LOCK_TRIES; i++) {
		TRY(db_one(run->db, run->arena, LOCK, NO_PARAMS, row_read_u64,
			&got));
		if (got)
			return OK;
	}
	return tell(run, ERR_BUSY,
		"Another migration of a database on this server is running.");
}

/* The lock belongs to the connection, and a lost connection is silently
 * replaced. */
static enum err
still_locked(const struct schema_run *run)
{
	uint64_t locked;

	TRY(db_one(
		run->db, run->arena, LOCKED, NO_PARAMS, row_read_u64, &locked));
	return locked ? OK
		      : tell(run, ERR_BUSY,
				"The connection to the database was lost.");
}

static void
unlock(const struct schema_run *run)
{
	uint64_t released;

	/* Without an answer the connection is lost, and the lock with it. */
	if (db_one(run->db, run->arena, UNLOCK, NO_PARAMS, row_read_u64,
		    &released) != OK)
		log_warn("unlock_failed", "lock=lamplight.migrate");
}

/* ---- one step */

static enum err
advance(const struct schema_run *run, const struct schema_step *step,
	uint64_t done)
{
	return db_exec(run->db, ADVANCE, PARAMS(U64(done), U64(step->version)));
}

/* Runs statement number *i*. *sent*: it was sent before, and may have been
 * executed. */
static enum err
run_statement(const struct schema_run *run, const struct schema_step *step,
	uint64_t i, struct span statement, bool sent)
{
	enum err err;

	if (!sent)
		TRY(advance(run, step, (i - 1) | SENT));
	TRY(still_locked(run));
	err = db_script(run->db, statement);
	if (err != OK && sent && db_script_is_repeated(run->db))
		err = OK;
	/* If the server refused the statement, it was certainly not
	 * executed. */
	if (err != OK && err != ERR_BUSY)
		TRY(advance(run, step, i - 1));
	TRY(err);
	return advance(run, step, i);
}

static enum err
run_statements(const struct schema_run *run, const struct schema_step *step,
	const struct record *record)
{
	struct span text = step->text, statement;
	unsigned line = 1, at_line;
	uint64_t first = record->done + 1;

	for (uint64_t i = 1;
		schema_statement(&text, &line, &statement, &at_line); i++)
		if (i >= first &&
			run_statement(run, step, i, statement,
				record->sent && i == first) != OK)
			return tell(run, ERR_INVALID,
				"%s: statement %u, at line %u, failed; the %u "
				"before it are done. %s Run this again when "
				"the reason is gone; it goes on there.",
				step->name, (unsigned)i, at_line,
				(unsigned)i - 1,
				db_reason(run->db) != NULL ? db_reason(run->db)
							   : "");
	return OK;
}

static enum err
apply(const struct schema_run *run, const struct schema_step *step,
	const char *checksum, const struct record *record)
{
	if (record->done == 0 && !record->sent)
		TRY(db_exec(run->db, BEGIN,
			PARAMS(U64(step->version), STR(step->name),
				STR(checksum))));
	TRY(run_statements(run, step, record));
	TRY(db_exec(run->db, FINISH, PARAMS(U64(step->version))));
	return tell(run, OK, "%s: applied.", step->name);
}

static enum err
run_step(const struct schema_run *run, const struct schema_step *step)
{
	struct record record = { 0 };
	const char *checksum;
	enum err err;

	TRY(db_one(run->db, run->arena, CHECKSUM, PARAMS(SPAN(step->text)),
		read_str, &checksum));
	err = db_one(run->db, run->arena, FIND, PARAMS(U64(step->version)),
		read_record, &record);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	if (err == OK && (record.applied || record.done > 0 || record.sent) &&
		strcmp(record.checksum, checksum) != 0)
		return tell(run, ERR_CONFLICT,
			"%s: this file is not the one that was applied to the "
			"database (as %s). Put the released file back.",
			step->name, record.name);
	return record.applied ? OK : apply(run, step, checksum, &record);
}

/* ---- all steps */

/* The database must have exactly the first steps, without gaps, and none that
 * these programs do not know. */
static enum err
check_order(const struct schema_run *run, size_t n_steps)
{
	struct state state;

	TRY(db_one(run->db, run->arena, STATE, NO_PARAMS, read_state, &state));
	if (state.highest > n_steps)
		return tell(run, ERR_CONFLICT,
			"The database is at version %u, but %s ends with %zu: "
			"install the current release.",
			(unsigned)state.highest, run->dir, n_steps);
	if (state.begun != state.highest || state.applied + 1 < state.begun)
		return tell(run, ERR_CONFLICT,
			"schema_version has a gap: it names %u steps up to %u, "
			"of which %u are finished.",
			(unsigned)state.begun, (unsigned)state.highest,
			(unsigned)state.applied);
	return OK;
}

/* The progress of a database that has our table of versions. */
static enum err
find_progress(const struct schema_run *run, struct schema_progress *out)
{
	struct record record = { 0 };
	struct state state;
	enum err err;

	TRY(db_one(run->db, run->arena, STATE, NO_PARAMS, read_state, &state));
	out->applied = state.applied;
	err = db_one(run->db, run->arena, FIND, PARAMS(U64(state.applied + 1)),
		read_record, &record);
	out->done = record.done + record.sent;
	return err == ERR_NOT_FOUND ? OK : err;
}

/* Creates nothing while tables of another application are in the way. */
static enum err
refuse_foreign(const struct schema_run *run, const struct versions *versions,
	const struct schema_step *steps, size_t n)
{
	struct schema_progress progress = { 0 };
	const char *names;

	if (versions->is_ours)
		TRY(find_progress(run, &progress));
	TRY(schema_foreign(run->db, run->arena, steps, n, &progress, &names));
	if (versions->is_there && !versions->is_ours)
		names = arena_printf(run->arena, "schema_version%s%s",
			names != NULL ? ", " : "", names != NULL ? names : "");
	if (names == NULL)
		return OK;
	if (versions->is_ours)
		return tell(run, ERR_CONFLICT,
			"The database is at version %u, but has tables already "
			"that later steps make: %.200s. Was the backup of an "
			"earlier release restored over a newer database? Then "
			"empty the database (DROP DATABASE, CREATE DATABASE) "
			"and restore it once more. If they are another "
			"application's, give Lamplight a database of its own "
			"(db.name). Nothing was changed.",
			(unsigned)progress.applied, names);
	return tell(run, ERR_CONFLICT,
		"The database has tables already that are to be made: %.200s. "
		"They are another application's: give Lamplight a database of "
		"its own (db.name). If they are Lamplight's, schema_version "
		"is missing: restore the backup whole. Nothing was changed.",
		names);
}

static enum err
migrate(const struct schema_run *run, const struct schema_step *steps, size_t n)
{
	struct versions versions;

	TRY(db_one(run->db, NULL, EXISTS, NO_PARAMS, read_versions, &versions));
	TRY(refuse_foreign(run, &versions, steps, n));
	/* If nothing has to be done, an account that may only read and write
	 * rows must still be able to report so. */
	if (!versions.is_there)
		TRY(db_exec(run->db, CREATE, NO_PARAMS));
	TRY(check_order(run, n));
	for (size_t i = 0; i < n; i++)
		TRY(run_step(run, &steps[i]));
	return tell(run, OK, "The database is at version %zu.", n);
}

enum err
schema_migrate(const struct schema_run *run)
{
	const struct schema_step *steps;
	const char *reason = NULL;
	enum err err;
	size_t n;

	err = schema_steps(run->arena, run->dir, &steps, &n, &reason);
	if (err != OK)
		return tell(run, err, "%s", reason);
	TRY(lock(run));
	err = migrate(run, steps, n);
	unlock(run);
	return err;
}

/* ---- for the programs */

enum err
schema_check(struct db *db, const char *program)
{
	struct state state = { 0 };
	struct versions versions;

	TRY(db_one(db, NULL, EXISTS, NO_PARAMS, read_versions, &versions));
	if (versions.is_ours)
		TRY(db_one(db, NULL, STATE, NO_PARAMS, read_state, &state));
	if (state.applied == SCHEMA_VERSION && state.highest == SCHEMA_VERSION)
		return OK;
	log_error("schema_unknown",
		"reason=\"%s needs version %d of the schema, the database is "
		"at %u%s\" run=\"%s\"",
		program, SCHEMA_VERSION, (unsigned)state.applied,
		state.begun > state.applied ? " and a step has not ended" : "",
		state.highest > SCHEMA_VERSION ? "install the current release"
					       : "lamplight migrate");
	return ERR_CONFLICT;
}
