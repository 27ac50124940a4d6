/*
 * write.h: writes JSON into a buf. It inserts the commas:
 *
 *	struct json_writer w = json_writer(buf);
 *	json_open(&w, '{');
 *	json_key(&w, "id");
 *	json_put_id(&w, id);
 *	json_close(&w, '}');
 *
 * Texts are WTF-8 (json.h): adjacent surrogate halves are joined into one
 * character, lone ones become \udXXX, so the output is always valid UTF-8.
 * Invalid bytes become U+FFFD. Errors are those of the buf.
 */

#ifndef JSON_WRITE_H
#define JSON_WRITE_H

#include "base/buf.h"
#include "json/json.h"

/* Long raw texts that are inserted into the output at offsets of the buf
 * instead of being copied: the whole output is the buf with all of them
 * inserted. */
#define JSON_SPLICE_MIN 4096 /* bytes; shorter texts are copied */
struct json_splices {
	struct arena *arena;
	struct json_splice {
		size_t at; /* offset in the buf */
		struct span text;
	} * list;
	unsigned n, cap;
};

struct json_writer {
	struct buf *buf;
	bool comma; /* the next value needs a comma before it */
	struct json_splices *splices; /* NULL: all texts are copied */
};

struct json_writer json_writer(struct buf *buf);

void json_open(struct json_writer *w, char bracket); /* '{' or '[' */
void json_close(struct json_writer *w, char bracket); /* '}' or ']' */
/* Writes a name of ours, which is not escaped and has at most 60 bytes; this
 * also applies to the keys of json_member_*(). */
void json_name(struct json_writer *w, const char *name, size_t len);
static inline void
json_key(struct json_writer *w, const char *key)
{
	/* Which is a constant for most callers. */
	json_name(w, key, strlen(key));
}

void json_key_span(struct json_writer *w, struct span key); /* any text */
void json_key_raw(struct json_writer *w, struct span quoted); /* unchanged */

void json_put_text(struct json_writer *w, struct span text);
void json_put_str(struct json_writer *w, const char *str);
void json_put_int(struct json_writer *w, int64_t value);
void json_put_bool(struct json_writer *w, bool value);
void json_put_null(struct json_writer *w);
/* Writes a Snowflake id as a decimal string. */
void json_put_id(struct json_writer *w, uint64_t id);
/* Writes a time in ISO 8601, UTC, with milliseconds. */
void json_put_time(struct json_writer *w, int64_t wall_ms);
/* Writes JSON text known to be valid, unchanged. */
void json_put_raw(struct json_writer *w, struct span json);
/* Writes a parsed value as JavaScript's JSON.stringify(JSON.parse(text)) does:
 * numbers as doubles, integer-like keys first and in order. */
void json_put(struct json_writer *w, const struct json *value);

/* The following functions write a key and its value. */
static inline void
json_member_str(struct json_writer *w, const char *key, const char *str)
{
	json_key(w, key);
	json_put_str(w, str);
}

static inline void
json_member_text(struct json_writer *w, const char *key, struct span text)
{
	json_key(w, key);
	json_put_text(w, text);
}

static inline void
json_member_int(struct json_writer *w, const char *key, int64_t value)
{
	json_key(w, key);
	json_put_int(w, value);
}

static inline void
json_member_bool(struct json_writer *w, const char *key, bool value)
{
	json_key(w, key);
	json_put_bool(w, value);
}

static inline void
json_member_id(struct json_writer *w, const char *key, uint64_t id)
{
	json_key(w, key);
	json_put_id(w, id);
}

static inline void
json_member_time(struct json_writer *w, const char *key, int64_t wall_ms)
{
	json_key(w, key);
	json_put_time(w, wall_ms);
}

static inline void
json_member_raw(struct json_writer *w, const char *key, struct span json)
{
	json_key(w, key);
	json_put_raw(w, json);
}

/* The same, but nothing if the text is absent. */
static inline void
json_maybe_text(struct json_writer *w, const char *key, struct span text)
{
	if (text.data != NULL)
		json_member_text(w, key, text);
}

static inline void
json_maybe_raw(struct json_writer *w, const char *key, struct span json)
{
	if (json.data != NULL)
		json_member_raw(w, key, json);
}

/* Appends only the text, quoted and escaped. */
void json_quote(struct buf *buf, struct span text);

#endif
