/*
 * export.c: `lamplight export`: exports everything that belongs to a user, or
 * to all users, as the JSON Lines of the page's own export (api/export.h).
 * FILE.part becomes FILE when it is complete. An interrupted export leaves
 * FILE.part, and the next one continues after its last whole line.
 */

#include "api/export_page.h"
#include "base/attr.h"
#include "base/file.h"
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
#include <sys/stat.h>
#include <unistd.h>

#define USERS_AT_ONCE 100
#define EVERYBODY "--all"

struct place {
	uint64_t user_id; /* 0: nothing has been written */
	struct export_cursor cursor;
};

struct work {
	struct db *db;
	FILE *out;
	uint64_t owner_id; /* user of the file to replace; 0: none */
	struct place place;
	bool terminal;
	uint64_t users, bytes;
};

/* ---- finding the end of a file */

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

/* If the file ends before a user's first session, that user's lines are cut off
 * and written again. */
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
		work->place.user_id--; /* the next page takes ids above it */
	} else if (work->place.user_id == 0) {
		end = 0;
		work->place = (struct place){ 0 };
	}
	if (ftruncate(fileno(work->out), end) != 0 ||
		fseeko(work->out, end, SEEK_SET) != 0) {
		fprintf(stderr, "The export cannot be continued: %s.\n",
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
		fprintf(stderr, "The file cannot be written: %s.\n",
			strerror(errno));
		err = ERR_INVALID;
	}
	work->bytes += text.len;
	buf_free(&text);
	return err;
}

/* The export of a user ends early if the user is deleted meanwhile. */
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
	if ((work->owner_id != 0 && work->owner_id != user.id) ||
		(work->place.cursor.session_id != 0 &&
			work->place.user_id != user.id)) {
		fputs("The file, or its .part, is an export of somebody "
		      "else.\n",
			stderr);
		return ERR_INVALID;
	}
	if (work->place.cursor.session_id != 0)
		cursor = work->place.cursor;
	return write_user(work, user.id, cursor);
}

/* ---- the file and the command */

static enum err
run(struct work *work, struct task *task)
{
	if (strcmp(task->name, EVERYBODY) != 0)
		return write_one(work, task);
	TRY(schema_check(task->db, "lamplight"));
	return write_all(work);
}

/* The file contains all chats, so only the operator's account may read it. */
static FILE *
open_out(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	FILE *file = fd >= 0 ? fdopen(fd, "r+") : NULL;

	if (file == NULL)
		fprintf(stderr, "%s: %s.\n", path, strerror(errno));
	return file;
}

/* Whether the file is empty, or begins like an export. */
static bool
is_export(FILE *file, uint64_t *owner_id)
{
	static const char BEGINS[] = "{\"type\":\"account\"";
	struct place place = { 0 };
	char *line = NULL;
	size_t room = 0;
	ssize_t len = getline(&line, &room, file);
	bool is = len <= 0 ||
		memcmp(line, BEGINS, MIN((size_t)len, sizeof(BEGINS) - 1)) == 0;
	struct span text = { line, (size_t)MAX(len, 0) };

	if (is && len > 0 && json_check(text, JSON_DEPTH_MAX) == OK)
		pass_line(&place, text);
	free(line);
	*owner_id = place.user_id;
	return is && fseek(file, 0, SEEK_SET) == 0;
}

static enum err
refuse(const char *path)
{
	fprintf(stderr, "%s is not an export, so it stays unchanged.\n", path);
	return ERR_INVALID;
}

/* An existing file is replaced only if it is an export. */
static enum err
look_at(struct work *work, const char *path)
{
	FILE *file = fopen(path, "re");
	bool is;

	if (file == NULL)
		return OK;
	is = is_export(file, &work->owner_id);
	fclose(file);
	return is ? OK : refuse(path);
}

static enum err
continue_part(struct work *work, const char *part)
{
	uint64_t owner_id;

	if (!is_export(work->out, &owner_id))
		return refuse(part);
	TRY(find_end(work));
	if (ftello(work->out) > 0)
		fprintf(stderr,
			"Continues the interrupted export in %s; remove that "
			"file to begin again.\n",
			part);
	return OK;
}

static enum err
finish_part(struct work *work, const char *part, const char *path)
{
	if (fflush(work->out) == 0 && fsync(fileno(work->out)) == 0 &&
		rename(part, path) == 0)
		return OK;
	fprintf(stderr, "%s: %s.\n", path, strerror(errno));
	return ERR_INVALID;
}

/* A device or a pipe cannot be replaced. */
static bool
is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static enum err
write_through(struct work *work, struct task *task, const char *path)
{
	enum err err;

	work->out = fopen(path, "we");
	if (work->out == NULL) {
		fprintf(stderr, "%s: %s.\n", path, strerror(errno));
		return ERR_INVALID;
	}
	err = run(work, task);
	return fclose(work->out) == 0 ? err : ERR_INVALID;
}

static enum err
run_into(struct work *work, struct task *task, const char *name)
{
	const char *path = file_resolve(&task->arena, name), *part;
	enum err err;

	if (path == NULL) {
		fprintf(stderr, "%s: %s.\n", name, strerror(errno));
		return ERR_INVALID;
	}
	if (is_special(path))
		return write_through(work, task, path);
	part = arena_printf(&task->arena, "%s.part", path);
	TRY(look_at(work, path));
	work->out = open_out(part);
	if (work->out == NULL)
		return ERR_INVALID;
	err = continue_part(work, part);
	if (err == OK)
		err = run(work, task);
	if (err == OK)
		err = finish_part(work, part, path);
	fclose(work->out);
	return err;
}

enum err
export_user(struct task *task)
{
	struct work work = { .db = task->db, .out = stdout };
	bool to_file = task->rest[0] != NULL;
	enum err err;

	if (to_file &&
		(strcmp(task->rest[0], "--out") != 0 || task->rest[1] == NULL ||
			task->rest[2] != NULL)) {
		fputs("After the user, only --out FILE is possible.\n", stderr);
		return ERR_INVALID;
	}
	work.terminal =
		isatty(STDERR_FILENO) && (to_file || !isatty(STDOUT_FILENO));
	err = to_file ? run_into(&work, task, task->rest[1]) : run(&work, task);
	if (work.terminal)
		fputs("\r\033[K", stderr);
	return err;
}
