/*
 * wire.h: a way to speak to models: one of the kinds of llm.kind. A wire is a
 * constant of this type, wire_KIND in KIND.h, and a row in wires.c; nobody else
 * names it. It says where requests go, writes a conversation as a body, and
 * reads an answer as the events of event.h. All that is the same for every
 * wire is done around it:
 *
 *	request.h      parses and measures messages, leaves out what has no room
 *	turns.h        messages as turns that alternate, with the prompt
 *	sent_call.h    calls and results: names, ids, arguments, outputs
 *	sent_file.h    files: as what they can be sent, or in words
 *	stream.h       the answer's body: events, JSON, errors, the end
 *	kept.h         opaque state of parts: who may see it again
 *	failure.h      what a refusal says; adapt.h what it teaches
 *
 * Opaque state (signatures, encrypted reasoning, ids of items) travels with
 * the event that ends its part (event.h: *kept*), is stored in that part with
 * kind and model of who made it, and kept_find() gives it to nobody else.
 */

#ifndef LLM_WIRE_H
#define LLM_WIRE_H

#include "base/buf.h"
#include "base/err.h"
#include "conf/conf.h"
#include "llm/ask.h"
#include "llm/event.h"
#include "json/write.h"

#include <stdbool.h>

struct llm_stream; /* stream.h */

/* A conversation as it is told: messages[first..n), parsed; oldest first. */
struct wire_told {
	const struct llm_message *messages;
	size_t first, n;
};

/* Where headers go: a line "Name: value", copied. */
struct wire_headers {
	void (*add)(void *arg, const char *line);
	void *arg;
};

/* Adds *before* ("Authorization: Bearer ") with the key behind it, if there is
 * one. */
void wire_add_key(const struct wire_headers *headers, const char *before,
	const char *key);

struct wire {
	const char *word; /* of llm.kind, and in what is kept */

	/* ---- where it is: when llm.base_url is unset; "" for nowhere. */
	const char *base_url;
	/* *url* is the address without slashes at its end. */
	void (*put_path)(struct buf *url, const char *model);
	/* Appended to *url*: the list of models; NULL for none. */
	const char *models_path;
	/* Behind it, with an escaped value, for the next page; NULL: there is
	 * one page. And the member of an answer that has the value. */
	const char *models_after, *models_next;
	/* With the key ("" for none), beside those of every request (type and
	 * encodings). */
	void (*put_headers)(const struct wire_headers *headers,
		const struct llm_conf *conf, const char *key);

	/* ---- what it is asked */
	/* Members that llm.options may not have; ends with NULL. And a request
	 * for a title is made without these. */
	const char *const *reserved, *const *not_for_titles;
	/* What this wire cannot write otherwise: bits of abilities (takes.h),
	 * which no refusal changes. */
	unsigned fixed;
	/* Writes the body, an object. *arena* is scratch. asked->had gets the
	 * bits of what a refusal may be about. */
	void (*write)(struct arena *arena, const struct llm_ask *ask,
		const struct wire_told *told, struct json_writer *w,
		struct llm_asked *asked);

	/* ---- what it answers. *own* of a stream is the wire's, zeroed. */
	size_t own_size;
	void (*free_own)(void *own); /* or NULL */
	/* The short way through the commonest event, without a tree. False:
	 * this is none, and nothing was done. Or NULL. */
	bool (*take_short)(struct llm_stream *stream, struct span data);
	/* An event that is too large to be read, by what its data begins and ends
	 * with (sse_parser.h). ERR_TOO_BIG: it says what has not been said before.
	 * NULL: all do. */
	enum err (*take_large)(
		struct llm_stream *stream, struct span head, struct span tail);
	/* Whether the event reports an error; one that may be none is only
	 * noted: then *maybe* is set. */
	bool (*is_error)(const struct json *event, bool *maybe);
	/* What one event says, NULL for what is no object: shows events, fills
	 * in the stream's result. ERR_TOO_BIG | ERR_INVALID: no such answer. */
	enum err (*take)(struct llm_stream *stream, const struct json *event);
	/* The body has ended: shows what is held back; sets a finish reason
	 * where the end itself is one. Or NULL. */
	void (*take_end)(struct llm_stream *stream);
	/* After a clean end: the ends of parts (LLM_KEPT, LLM_TOOL_END...);
	 * LLM_REASONING_END and LLM_TEXT_END have been shown. Or NULL. */
	enum err (*end_parts)(struct llm_stream *stream);
};

/* put_headers() of wires that take the key as a bearer's. */
void wire_put_bearer(const struct wire_headers *headers,
	const struct llm_conf *conf, const char *key);

#endif
