/*
 * import.c: `lamplight import`: imports files chat by chat, with a line for
 * each chat and for each assistant and prompt of our own files. Usage is not
 * imported, because it would count against limits here.
 */

#include "lamplight/import.h"
#include "auth/token.h"
#include "lamplight/commands.h"
#include "repo/user.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_BYTES 16
/* With "import:openwebui:" before it, it fits into MESSAGE_CLIENT_ID_MAX. */
#define KEY_MAX 400

struct work {
	struct import_store store;
	struct import_file in;
	struct import_report said;
	struct buf bare; /* messages without a chat around them */
	size_t bare_len; /* bytes of them, with those that are too many */
	struct import_chat own; /* the chat of our own lines being read */
	size_t own_len; /* bytes of its lines; 0: no chat has begun */
};

static void
say(struct work *work, const struct import_chat *chat,
	enum import_result result, size_t messages)
{
	import_say(&work->said, chat, result, messages, work->in.bytes);
}

/* ---- one chat */

/* Identifies a chat by its text, if it has no id or one that could be another's
 * when it is cut. */
static void
name_by_text(struct import_chat *chat, struct span text)
{
	char hash[TOKEN_HASH_LEN], *key;

	if (chat->key.len > 0 && chat->key.len <= KEY_MAX &&
		memchr(chat->key.data, '\0', chat->key.len) == NULL)
		return;
	token_hash(text, hash);
	key = arena_alloc(&chat->arena, 2 * KEY_BYTES + 1);
	for (size_t i = 0; i < KEY_BYTES; i++)
		snprintf(key + 2 * i, 3, "%02x", (unsigned char)hash[i]);
	chat->key = (struct span){ key, (size_t)2 * KEY_BYTES };
}

/* Stores the chat that was read. Errors such as ERR_BUSY end the import. */
static enum err
finish(struct work *work, struct import_chat *chat)
{
	struct import_node root;
	enum import_result result = IMPORT_EMPTY;
	size_t messages = 0;
	enum err err = OK;

	if (import_arrange(chat, &root)) {
		err = import_store(&work->store, chat, &root, &messages);
		result = err == OK            ? IMPORT_DONE
			: err == ERR_CONFLICT ? IMPORT_THERE
			: err == ERR_INVALID  ? IMPORT_UNKNOWN
			: err == ERR_TOO_BIG  ? IMPORT_TOO_LARGE
					      : IMPORT_RESULT_N;
	}
	if (result == IMPORT_RESULT_N)
		return err;
	say(work, chat, result, messages);
	return OK;
}

static enum err
take_chat(struct work *work, struct span value)
{
	struct import_chat chat = { 0 };
	enum err err = import_read(&chat, value);

	if (err == OK) {
		name_by_text(&chat, value);
		err = finish(work, &chat);
	} else {
		say(work, &chat, IMPORT_UNKNOWN, 0);
		err = OK;
	}
	import_chat_free(&chat);
	return err;
}

/* ---- messages and lines that form a chat only together */

static enum err
end_bare(struct work *work)
{
	enum err err = OK;

	if (work->bare_len > IMPORT_CHAT_MAX) {
		say(work, &(struct import_chat){ 0 }, IMPORT_TOO_LARGE, 0);
	} else if (work->bare_len > 0) {
		buf_putc(&work->bare, ']');
		err = take_chat(work, buf_span(&work->bare));
	}
	buf_clear(&work->bare);
	work->bare_len = 0;
	return err;
}

static void
add_bare(struct work *work, struct span value)
{
	work->bare_len += value.len + 1;
	if (work->bare_len > IMPORT_CHAT_MAX)
		return;
	buf_putc(&work->bare, work->bare.len == 0 ? '[' : ',');
	buf_put_span(&work->bare, value);
}

static enum err
end_own(struct work *work)
{
	enum err err = OK;

	if (work->own_len > IMPORT_CHAT_MAX)
		say(work, &work->own, IMPORT_TOO_LARGE, 0);
	else if (work->own_len > 0)
		err = finish(work, &work->own);
	import_chat_free(&work->own);
	work->own_len = 0;
	return err;
}

/* Takes a line of our own export. */
static enum err
take_own(struct work *work, struct span value, bool *taken)
{
	enum err err = OK;

	*taken = true;
	if (import_is_line(value, "session")) {
		TRY(end_own(work));
		err = import_lamplight_session(&work->own, value);
		work->own_len = err == OK ? value.len : 0;
	} else if (import_is_line(value, "message")) {
		work->own_len += work->own_len > 0 ? value.len : 0;
		if (work->own_len > 0 && work->own_len <= IMPORT_CHAT_MAX)
			err = import_lamplight_message(&work->own, value);
	} else {
		*taken = import_is_line(value, "account") ||
			import_is_line(value, "usage") ||
			import_is_line(value, "modelUsage") ||
			import_is_line(value, "login");
	}
	if (err == ERR_INVALID) {
		say(work, &(struct import_chat){ 0 }, IMPORT_UNKNOWN, 0);
		err = OK;
	}
	return err;
}

static enum err
take_value(struct work *work)
{
	struct span value = buf_span(&work->in.value);
	bool taken;

	if (json_check(value, JSON_DEPTH_MAX) != OK)
		return take_chat(work, value);
	if (json_raw_kind(value) == JSON_OBJECT) {
		TRY(import_saved(&work->store, value, &work->said, &taken));
		if (taken)
			return OK;
		TRY(take_own(work, value, &taken));
		if (taken)
			return OK;
		if (import_is_message(value)) {
			add_bare(work, value);
			return OK;
		}
	}
	return take_chat(work, value);
}

/* ---- one file */

static enum err
take_all(struct work *work, const char *path)
{
	for (;;) {
		switch (import_next(&work->in)) {
		case IMPORT_VALUE:
			TRY(take_value(work));
			break;
		case IMPORT_ARRAY_END:
			TRY(end_bare(work));
			break;
		case IMPORT_LARGE:
			say(work, &(struct import_chat){ 0 }, IMPORT_TOO_LARGE,
				0);
			break;
		case IMPORT_END:
			TRY(end_bare(work));
			return end_own(work);
		case IMPORT_BROKEN:
			TRY(end_bare(work));
			TRY(end_own(work));
			fprintf(stderr,
				"%s: from byte %" PRIu64
				" on this is not JSON, or it ends too early.\n",
				path, work->in.bytes);
			return ERR_INVALID;
		}
	}
}

static FILE *
open_file(const char *path, uint64_t *size)
{
	bool given = strcmp(path, "-") == 0;
	FILE *file = given ? stdin : fopen(path, "re");
	struct stat st = { 0 };
	int first;

	*size = 0;
	if (file == NULL ||
		(fstat(fileno(file), &st) == 0 && S_ISDIR(st.st_mode))) {
		fprintf(stderr, "%s: %s.\n", path,
			file == NULL ? strerror(errno) : "a folder");
		if (file != NULL)
			fclose(file);
		return NULL;
	}
	if (S_ISREG(st.st_mode))
		*size = (uint64_t)st.st_size;
	first = getc(file);
	if (first != EOF)
		ungetc(first, file);
	if (first != 'P')
		return file;
	fprintf(stderr,
		"%s: this is a ZIP file. Its chats are in conversations*.json: "
		"unzip -p FILE 'conversations*.json' | lamplight import USER "
		"-\n",
		path);
	if (!given)
		fclose(file);
	return NULL;
}

static enum err
take_file(struct work *work, const char *path)
{
	enum err err;

	work->in = (struct import_file){ .file = open_file(
						 path, &work->said.size) };
	if (work->in.file == NULL)
		return ERR_INVALID;
	err = take_all(work, path);
	if (work->in.file != stdin)
		fclose(work->in.file);
	buf_free(&work->in.value);
	return err;
}

static enum err
take_files(struct work *work, char **paths)
{
	enum err err = OK;

	for (; err == OK && *paths != NULL; paths++)
		if (strcmp(*paths, "--json") != 0)
			err = take_file(work, *paths);
	import_chat_free(&work->own);
	buf_free(&work->bare);
	if (!import_sum(&work->said) && err == OK)
		err = ERR_INVALID;
	if (err == ERR_NOT_FOUND)
		fputs("The user was deleted.\n", stderr);
	return err;
}

/* The number of files; 0 if there is any other argument. */
static size_t
count_files(char **rest, bool *json)
{
	size_t n = 0;

	for (; *rest != NULL; rest++) {
		if (strcmp(*rest, "--json") == 0)
			*json = true;
		else if (strncmp(*rest, "--", 2) == 0)
			return 0;
		else
			n++;
	}
	return n;
}

enum err
import_files(struct task *task)
{
	struct work work = { .said.terminal = isatty(STDERR_FILENO) };
	struct user user;
	enum err err;

	if (count_files(task->rest, &work.said.json) == 0) {
		fputs("After the user there are files, or - for standard "
		      "input, and --json.\n",
			stderr);
		return ERR_INVALID;
	}
	TRY(task_user(task, &user));
	TRY(snowflake_open(&task->conf, "lamplight", &work.store.ids));
	work.store.db = task->db;
	work.store.user_id = user.id;
	err = take_files(&work, task->rest);
	snowflake_close(work.store.ids);
	if (work.said.n[IMPORT_DONE] > 0)
		task_audit("chats_imported", user.id);
	if (work.said.saved[IMPORT_DONE] > 0)
		task_audit("library_imported", user.id);
	return err;
}
