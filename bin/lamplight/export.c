/*
 * export.c: `lamplight export`: all that is a user's, or everybody's, as the
 * JSON Lines that the page's own export has (api/export.h). A file that an
 * interrupted one has left is gone on with behind its last whole line.
 */

#include "api/export_page.h"
#include "base/id.h"
#include "lamplight/commands.h"
#include "repo/schema.h"
#include "repo/user.h"
#include "json/json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USERS_AT_ONCE 100
#define EVERYBODY "--all"

struct place {
	uint64_t user_id; /* 0: nothing was written */
	struct export_cursor cursor;
};

struct work {
	struct db *db;
	FILE *out;
	struct place place;
	bool terminal;
	uint64_t users, bytes;
};

/* ---- where a file ends */

static uint64_t
id_in(struct span object, const char *first, const char *second)
{
	struct span raw = json_raw_get(object, first);
	uint64_t id = 0;

	if (second != NULL)
		raw = json_raw_get(raw, second);
	if (raw.len <= 2 || raw.data[0] != '"')
		return 0;
	raw = (struct span){ raw.data + 1, raw.len - 2 };
	return id_parse(raw, &id) == OK ? id : 0;
}

static void
pass_line(struct place *place, struct span line)
{
	struct span type = json_raw_get(line, "type");

	if (json_raw_is(type, "account"))
		*place = (struct place){ id_in(line, "account", "id"),
			{ 0, 0 } };
	else if (json_raw_is(type, "session"))
		place->cursor =
			(struct export_cursor){ id_in(line, "session", "id"),
				0 };
	else if (json_raw_is(type, "message"))
		place->cursor =
			(struct export_cursor){ id_in(line, "sessionId", NULL),
				id_in(line, "message", "id") };
}

/* Of a user whose first session was not reached the lines are cut off: they
 * are read again as a whole. */
static enum err
find_end(struct work *work)
{
	off_t end = 0, account = 0;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, work->out)) > 0 &&
		line[len - 1] == '\n') {
		struct span text = { line, (size_t)len };
		uint64_t user_id = work->place.user_id;

		if (json_check(text, JSON_DEPTH_MAX) != OK)
			break;
		pass_line(&work->place, text);
		if (work->place.user_id != user_id)
			account = end;
		end += len;
	}
	free(line);
	if (work->place.user_id != 0 && work->place.cursor.session_id == 0) {
		end = account;
		work->place.user_id--; /* ids above this one */
	} else if (work->place.user_id == 0) {
		end = 0;
	}
	if (ftruncate(fileno(work->out), end) != 0 ||
		fseeko(work->out, end, SEEK_SET) != 0) {
		fprintf(stderr, "The file cannot be gone on with: %s.\n",
			strerror(errno));
		return ERR_INVALID;
	}
	return OK;
}

/* ---- users */

static enum err
write_page(struct work *work, struct export_page *page)
{
	struct buf text = BUF_INIT;
	enum err err;

	page->w = json_writer(&text);
	page->more = false;
	page->len = 0;
	page->messages = 0;
	err = export_page_put(page);
	if (err == OK && text.len > 0 &&
		(fwrite(text.data, text.len, 1, work->out) != 1 ||
			fflush(work->out) != 0)) {
		fprintf(stderr, "It cannot be written: %s.\n", strerror(errno));
		err = ERR_INVALID;
	}
	work->bytes += text.len;
	buf_free(&text);
	return err;
}

/* A user who is deleted meanwhile ends there. */
static enum err
write_user(struct work *work, uint64_t user_id, struct export_cursor cursor)
{
	struct arena arena = ARENA_INIT;
	struct export_page page = { .db = work->db,
		.arena = &arena,
		.user_id = user_id,
		.cursor = cursor };
	enum err err;

	do {
		arena_reset(&arena);
		err = write_page(work, &page);
		if (work->terminal)
			fprintf(stderr, "\r%" PRIu64 " users, %" PRIu64 " MB ",
				work->users, work->bytes >> 20);
	} while (err == OK && page.more);
	arena_reset(&arena);
	work->users++;
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
write_all(struct work *work)
{
	struct arena arena = ARENA_INIT;
	struct user_list users = { NULL, USERS_AT_ONCE };
	uint64_t after_id = work->place.user_id;
	enum err err = OK;

	if (work->place.cursor.session_id != 0)
		err = write_user(work, after_id, work->place.cursor);
	while (err == OK && users.n == USERS_AT_ONCE) {
		arena_reset(&arena);
		err = user_list(
			work->db, &arena, after_id, USERS_AT_ONCE, &users);
		for (unsigned i = 0; err == OK && i < users.n; i++) {
			after_id = users.list[i].id;
			err = write_user(
				work, after_id, (struct export_cursor){ 0, 0 });
		}
	}
	arena_reset(&arena);
	return err;
}

static enum err
write_one(struct work *work, struct task *task)
{
	struct export_cursor cursor = { 0, 0 };
	struct user user;

	TRY(task_user(task, &user));
	if (work->place.cursor.session_id != 0) {
		if (work->place.user_id != user.id) {
			fputs("The file is an export of somebody else.\n",
				stderr);
			return ERR_INVALID;
		}
		cursor = work->place.cursor;
	}
	return write_user(work, user.id, cursor);
}

/* ---- */

static enum err
run(struct work *work, struct task *task)
{
	if (strcmp(task->name, EVERYBODY) != 0)
		return write_one(work, task);
	TRY(schema_check(task->db, "lamplight"));
	return write_all(work);
}

/* All chats of people: for the operator's account alone. */
static FILE *
open_out(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	FILE *file = fd >= 0 ? fdopen(fd, "r+") : NULL;

	if (file == NULL)
		fprintf(stderr, "%s: %s.\n", path, strerror(errno));
	return file;
}

/* Whether what stands in the file is of an export, or of the beginning of one. */
static bool
is_export(FILE *file)
{
	static const char BEGINS[] = "{\"type\":\"account\"";
	char first[sizeof(BEGINS) - 1];
	size_t len = fread(first, 1, sizeof(first), file);

	return fseek(file, 0, SEEK_SET) == 0 && memcmp(first, BEGINS, len) == 0;
}

enum err
export_user(struct task *task)
{
	struct work work = { .db = task->db,
		.out = stdout,
		.terminal = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO) };
	bool to_file = task->rest[0] != NULL;
	enum err err = OK;

	if (to_file &&
		(strcmp(task->rest[0], "--out") != 0 || task->rest[1] == NULL ||
			task->rest[2] != NULL)) {
		fputs("After the user there is --out FILE, or nothing.\n",
			stderr);
		return ERR_INVALID;
	}
	if (to_file) {
		work.out = open_out(task->rest[1]);
		if (work.out == NULL)
			return ERR_INVALID;
		work.terminal = isatty(STDERR_FILENO);
		if (is_export(work.out)) {
			err = find_end(&work);
		} else {
			fprintf(stderr, "%s is no export: it stays as it is.\n",
				task->rest[1]);
			err = ERR_INVALID;
		}
	}
	if (err == OK)
		err = run(&work, task);
	if (work.terminal)
		fputs("\r\033[K", stderr);
	if (to_file && fclose(work.out) != 0)
		err = ERR_INVALID;
	return err;
}
