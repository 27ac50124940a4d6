/*
 * import.h: imports chats from the exports of other programs and, from our own
 * exports, also assistants and prompts.
 *
 * import_split.c cuts a file into chats, import_forms.c reads a chat in any
 * known form, import_tree.c makes messages of it, and import_store.c stores
 * each chat in one transaction under a unique name. So an import can be killed,
 * repeated, or run twice at the same time, and each chat is stored once.
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

/* Larger ones are left out: limits of a chat's text, and of one message's
 * parts. */
#define IMPORT_CHAT_MAX ((size_t)64 << 20)
#define IMPORT_PARTS_MAX ((size_t)8 << 20)

/* ---- import_split.c */

/*
 * Reads the values of a file one by one: the items of top-level arrays, and any
 * other top-level values. Only one of them is in memory at a time.
 */
struct import_file {
	FILE *file;
	struct buf value;
	uint64_t bytes; /* bytes read so far */
	unsigned depth; /* 1: inside a top-level array */
	int ahead; /* a character read ahead, or 0 */
};

enum import_next {
	IMPORT_VALUE, /* *value* contains it */
	IMPORT_ARRAY_END, /* a top-level array has ended */
	IMPORT_LARGE, /* a value was too large and skipped */
	IMPORT_END,
	IMPORT_BROKEN, /* not JSON, or the file is truncated */
};
enum import_next import_next(struct import_file *in);

/* ---- import_forms.c, import_chatgpt.c, import_claude.c, import_lamplight.c */

/* A message of another program. All texts are in the chat's arena. */
struct import_node {
	struct span key, parent; /* the program's ids; absent: none */
	bool is_user, hidden;
	struct span parts; /* JSON objects separated by commas */
	int64_t ms; /* 0: unknown */

	struct import_node *up; /* private to import_tree.c */
	struct import_node *first, *last, *next; /* its children */
	bool active;
	uint64_t id;
};

struct import_chat {
	struct arena arena;
	const char *source; /* "chatgpt" */
	struct span key; /* the program's id of it */
	struct span title, current; /* current: the end of the shown path */
	int64_t create_ms, update_ms; /* 0: unknown */
	bool pinned, archived;
	struct import_node *nodes;
	size_t n, cap;
	size_t left_out; /* parts and messages that cannot be imported */
};

void import_chat_free(struct import_chat *chat);

/* Reads one value; ERR_INVALID: it is not a chat in a known form. */
MUST_USE enum err import_read(struct import_chat *chat, struct span value);

/* Whether a value is a message without a chat around it: an array of such
 * messages is one chat. */
bool import_is_message(struct span value);

/* Whether it is a line of our own export: "session" begins a chat, and each
 * "message" is added to it. The message's text must have passed
 * json_check(). */
bool import_is_line(struct span value, const char *type);
MUST_USE enum err
import_lamplight_session(struct import_chat *chat, struct span line);
MUST_USE enum err
import_lamplight_message(struct import_chat *chat, struct span line);

/* ---- used by the forms */

struct import_node *import_add(struct import_chat *chat);

/* Appends a part of that type with this text; nothing if there is no text. */
void import_put_text(struct buf *parts, const char *type, struct span text);
/* Appends the text as a fenced code block. */
void import_put_code(struct buf *parts, struct span language, struct span text);

/* Reads a time as programs write it: seconds or ms since 1970, or ISO 8601.
 * 0 if it is not a time. */
int64_t import_time(struct span raw);

struct span import_text(struct import_chat *chat, struct span raw);

enum err import_chatgpt(struct import_chat *chat, struct span value);
enum err import_claude(struct import_chat *chat, struct span value);

/* ---- import_tree.c */

/* Orders the nodes, parents first, and leaves out hidden ones; does not assign
 * ids. *root* is above all of them. Returns false if the chat contains no
 * question. */
bool import_arrange(struct import_chat *chat, struct import_node *root);

/* The next node in tree order, parents first; begins with root->first. */
struct import_node *
import_walk(struct import_node *node, const struct import_node *root);

/* ---- import_store.c */

struct import_store {
	struct db *db;
	struct snowflake *ids;
	uint64_t user_id;
};

/* *messages*: how many were stored. ERR_CONFLICT: the chat exists already.
 * ERR_NOT_FOUND: the user was deleted. ERR_TOO_BIG: a message is too large for
 * the database. */
MUST_USE enum err import_store(const struct import_store *store,
	struct import_chat *chat, struct import_node *root, size_t *messages);

/* ---- import_report.c */

enum import_result {
	IMPORT_DONE,
	IMPORT_THERE,
	IMPORT_EMPTY,
	IMPORT_UNKNOWN,
	IMPORT_TOO_LARGE,
	IMPORT_REFUSED, /* an assistant or a prompt; has a reason */
	IMPORT_RESULT_N,
};

struct import_report {
	bool json, terminal;
	uint64_t size; /* size of the file; 0: unknown */
	size_t n[IMPORT_RESULT_N], messages, left_out;
	size_t saved[IMPORT_RESULT_N]; /* assistants and prompts */
};

/* Prints a line for a chat on standard output and, on a terminal, the
 * progress. */
void import_say(struct import_report *report, const struct import_chat *chat,
	enum import_result result, size_t messages, uint64_t bytes);

/* An assistant or a prompt, and the result of its import. */
struct import_saved {
	bool is_prompt;
	struct span name;
	enum import_result result;
	const char *detail; /* why it was refused */
};

void import_say_saved(
	struct import_report *report, const struct import_saved *saved);

/* Prints the totals. Returns false if some were not imported. */
bool import_sum(const struct import_report *report);

/* ---- import_saved.c */

/* Stores the new assistants and prompts of a value; *taken*: it contains
 * some. Its text must have passed json_check(). ERR_NOT_FOUND: the user was
 * deleted. */
MUST_USE enum err import_saved(const struct import_store *store,
	struct span value, struct import_report *report, bool *taken);

#endif
