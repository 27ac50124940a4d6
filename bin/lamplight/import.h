/*
 * import.h: chats of other programs, from their exports, into the tables; and
 * of our own the assistants and prompts, too.
 *
 * import_split.c cuts a file into chats, import_forms*.c reads one of these in
 * whichever form it has, import_tree.c makes messages of what was read, and
 * import_store.c stores them, each chat in one transaction under a name that
 * only it has: so an import can be killed, repeated and run twice at a time,
 * and each chat is there once.
 */

#ifndef LAMPLIGHT_IMPORT_H
#define LAMPLIGHT_IMPORT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "db/db.h"
#include "repo/snowflake.h"
#include "json/json.h"

#include <stdbool.h>
#include <stdio.h>

/* What is larger is left out: of a chat's text, and of one message's parts. */
#define IMPORT_CHAT_MAX ((size_t)64 << 20)
#define IMPORT_PARTS_MAX ((size_t)8 << 20)

/* ---- import_split.c */

/*
 * The values of a file one by one: the items of arrays at its top, and what
 * else stands there. No more than one is in memory.
 */
struct import_file {
	FILE *file;
	struct buf value;
	uint64_t bytes; /* that were read */
	unsigned depth; /* 1: inside of an array at the top */
	int ahead; /* a character that was read, or 0 */
};

enum import_next {
	IMPORT_VALUE, /* *value* has it */
	IMPORT_ARRAY_END, /* an array at the top is over */
	IMPORT_LARGE, /* one that was skipped */
	IMPORT_END,
	IMPORT_BROKEN, /* this is no JSON, or the file is cut here */
};
enum import_next import_next(struct import_file *in);

/* ---- import_forms*.c */

/* A message as its program has it. All texts are in the chat's arena. */
struct import_node {
	struct span key, parent; /* its ids; absent: none */
	bool is_user, hidden;
	struct span parts; /* JSON objects with commas between them */
	int64_t ms; /* 0: it does not say */

	struct import_node *up; /* import_tree.c's */
	struct import_node *first, *last, *next; /* its children */
	bool active;
	uint64_t id;
};

struct import_chat {
	struct arena arena;
	const char *source; /* "chatgpt" */
	struct span key; /* its id there */
	struct span title, current; /* current: the end of the shown path */
	int64_t create_ms, update_ms; /* 0: it does not say */
	bool pinned, archived;
	struct import_node *nodes;
	size_t n, cap;
	size_t left_out; /* parts and messages that have no place here */
};

void import_chat_free(struct import_chat *chat);

/* Reads one value; ERR_INVALID: it is no chat of a form that is known. */
MUST_USE enum err import_read(struct import_chat *chat, struct span value);

/* Whether a value is a message without a chat around it: an array of them is
 * one chat. */
bool import_is_message(struct span value);

/* Whether it is a line of our own export: "session" begins a chat, to which
 * each "message" is added. The message's text has passed json_check(). */
bool import_is_line(struct span value, const char *type);
MUST_USE enum err
import_own_session(struct import_chat *chat, struct span line);
MUST_USE enum err
import_own_message(struct import_chat *chat, struct span line);

/* ---- for the forms */

struct import_node *import_add(struct import_chat *chat);

/* Appends a part of that type with this text; nothing when there is none. */
void import_put_text(struct buf *parts, const char *type, struct span text);
/* The same between fences. */
void import_put_code(struct buf *parts, struct span language, struct span text);

/* A moment as programs write it: seconds, or ms, since 1970, or ISO 8601.
 * 0: it is none. */
int64_t import_time(struct span raw);

struct span import_text(struct import_chat *chat, struct span raw);

enum err import_chatgpt(struct import_chat *chat, struct span value);
enum err import_claude(struct import_chat *chat, struct span value);
enum err import_openwebui(struct import_chat *chat, struct span value);
enum err import_librechat(struct import_chat *chat, struct span value);
enum err import_aisdk(struct import_chat *chat, struct span value);

/* ---- import_tree.c */

/* Puts the nodes in order, parents first, and leaves out what is hidden; ids
 * are not given yet. *root* is above all of them. False: nobody asks anything
 * in it. */
bool import_arrange(struct import_chat *chat, struct import_node *root);

/* ---- import_store.c */

struct import_store {
	struct db *db;
	struct snowflake *ids;
	uint64_t user_id;
};

/* *messages*: how many were stored. ERR_CONFLICT: the chat is there already.
 * ERR_NOT_FOUND: the user is gone. ERR_TOO_BIG: a message is larger than the
 * database takes. */
MUST_USE enum err import_store(const struct import_store *store,
	struct import_chat *chat, struct import_node *root, size_t *messages);

/* ---- import_report.c */

enum import_result {
	IMPORT_DONE,
	IMPORT_THERE,
	IMPORT_EMPTY,
	IMPORT_UNKNOWN,
	IMPORT_TOO_LARGE,
	IMPORT_REFUSED, /* an assistant or a prompt, with a reason */
	IMPORT_RESULT_N,
};

struct import_report {
	bool json, terminal;
	uint64_t size; /* of the file; 0: not known */
	size_t n[IMPORT_RESULT_N], messages, left_out;
	size_t saved[IMPORT_RESULT_N]; /* assistants and prompts */
};

/* A line for a chat, on standard output; how far it has come, on a terminal. */
void import_say(struct import_report *report, const struct import_chat *chat,
	enum import_result result, size_t messages, uint64_t bytes);

/* An assistant or a prompt, and what became of it. */
struct import_saved {
	bool is_prompt;
	struct span name;
	enum import_result result;
	const char *detail; /* why it was refused */
};

void import_say_saved(
	struct import_report *report, const struct import_saved *saved);

/* All of them. False: some were not taken. */
bool import_sum(const struct import_report *report);

/* ---- import_saved.c */

/* Stores the assistants and prompts of a value, those that are not there yet;
 * *taken*: it has such. Its text has passed json_check(). ERR_NOT_FOUND: the
 * user is gone. */
MUST_USE enum err import_saved(const struct import_store *store,
	struct span value, struct import_report *report, bool *taken);

#endif
