/*
 * wire.h: a protocol for models, one per value of llm.kind. A wire is a
 * constant of this type, wire_KIND in a folder named KIND, and an entry in
 * llm/wires.c; no other code names it. It says where requests go, writes a
 * conversation as a body, and reads an answer as the events of event.h. Code
 * around it does everything that is the same for all wires:
 *
 *	llm/request.h  parses and measures messages, leaves out what has no room
 *	turns.h        alternating turns, and the system prompt
 *	sent_call.h    calls and results: names, ids, arguments, outputs
 *	sent_file.h    files, in the model's form or in words
 *	stream.h       the answer's body: events, JSON, errors, the end
 *	kept.h         opaque state of parts: which model may see it again
 *	failure.h      the words of a refusal; adapt.h: what they teach
 *
 * Opaque state (signatures, encrypted reasoning, ids of items) comes with the
 * event that ends its part (event.h: *kept*). It is stored in that part with
 * the kind and model that made it, and kept_find() returns it only to that
 * model.
 */

#ifndef WIRE_WIRE_H
#define WIRE_WIRE_H

#include "base/buf.h"
#include "base/err.h"
#include "conf/conf.h"
#include "wire/ask.h"
#include "wire/event.h"
#include "json/write.h"

#include <stdbool.h>

struct llm_stream; /* see stream.h */

/* The conversation to send: messages[first..n), parsed, oldest first. */
struct wire_messages {
	const struct llm_message *messages;
	size_t first, n;
};

/* Receives header lines "Name: value", and copies them. */
struct wire_headers {
	void (*add)(void *arg, const char *line);
	void *arg;
};

/* Adds *before* ("Authorization: Bearer ") followed by the key, if there is
 * one. */
void wire_add_key(const struct wire_headers *headers, const char *before,
	const char *key);

struct wire {
	/* the value of llm.kind, also stored with opaque state */
	const char *word;

	/* ---- the address if llm.base_url is unset; "" if it has no
	 * default. */
	const char *base_url;
	/* *url* is the address without trailing slashes. */
	void (*put_path)(struct buf *url, const char *model);
	/* Appended to *url* for the list of models; NULL if there is none. */
	const char *models_path;
	/* The query for the next page, before its escaped value, and the member
	 * of an answer that has the value; NULL if there is only one page. */
	const char *models_after, *models_next;
	/* Adds headers with the key ("" if there is none), besides those of
	 * every request (type and encodings). */
	void (*put_headers)(const struct wire_headers *headers,
		const struct llm_conf *conf, const char *key);

	/* ---- the request */
	/* Members that llm.options must not have, ended by NULL; and members
	 * that requests for titles leave out. */
	const char *const *reserved, *const *not_for_titles;
	/* Bits of abilities (takes.h) that have only one form on this wire, so
	 * no refusal changes them. */
	unsigned fixed;
	/* Writes the body, an object. *arena* is for temporary data. Sets in
	 * asked->had the bits of what a refusal may be about. */
	void (*write)(struct arena *arena, const struct llm_ask *ask,
		const struct wire_messages *told, struct json_writer *w,
		struct llm_asked *asked);

	/* ---- the answer. *own* of a stream belongs to the wire, and starts
	 * zeroed. */
	size_t own_size;
	void (*free_own)(void *own); /* may be NULL */
	/* The short way through the commonest event, without a tree; may be
	 * NULL. False if the event is of another kind; nothing was done
	 * then. */
	bool (*take_short)(struct llm_stream *stream, struct span data);
	/* Handles an event that is too large to be parsed by the beginning and
	 * the end of its data (sse_parser.h). ERR_TOO_BIG if it contains
	 * anything new. NULL if every large event does. */
	enum err (*take_large)(
		struct llm_stream *stream, struct span head, struct span tail);
	/* Whether the event reports an error. A possible error only sets
	 * *maybe*. */
	bool (*is_error)(const struct json *event, bool *maybe);
	/* Reads one event, NULL if it is not an object: sends events and fills
	 * in the stream's result. ERR_TOO_BIG, ERR_INVALID if it is not a valid
	 * answer. */
	enum err (*take)(struct llm_stream *stream, const struct json *event);
	/* The body has ended: sends what is held back, and sets a finish reason
	 * if the end itself is one. May be NULL. */
	void (*take_end)(struct llm_stream *stream);
	/* After a clean end: sends the ends of parts (LLM_KEPT,
	 * LLM_TOOL_END...); LLM_REASONING_END and LLM_TEXT_END have been sent.
	 * May be NULL. */
	enum err (*end_parts)(struct llm_stream *stream);
};

/* put_headers() of wires that take the key as a bearer token. */
void wire_put_bearer(const struct wire_headers *headers,
	const struct llm_conf *conf, const char *key);

#endif
