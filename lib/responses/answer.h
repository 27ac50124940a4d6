/*
 * answer.h: interprets a streamed OpenAI Responses answer event by event
 * (wire/stream.h). An event is identified by its `type`, or, without one, by
 * the name of the SSE event. All other events are skipped, and so are the
 * items of tools that the provider runs itself. Content that comes in pieces,
 * again in `done` events and again in the whole response is shown once, when
 * it first arrives.
 */

#ifndef RESPONSES_ANSWER_H
#define RESPONSES_ANSWER_H

#include "responses/piece.h"
#include "wire/sources.h"
#include "wire/stream.h"
#include "wire/tool_calls.h"

#define RESPONSES_ITEMS_MAX 1024

struct responses_item {
	enum responses_kind kind;
	int64_t index; /* output_index; -1 if none */
	uint64_t id; /* a hash of the id; 0 if none */
	uint64_t shown; /* bits of content or summary parts that were shown */
	uint64_t open, whole; /* for reasoning: bits of parts */
	bool content; /* for reasoning: it is content, not a summary */
	/* for a call: the name has arrived, arguments have arrived */
	bool named, called;
	bool ended;
};

/* The state of an answer. */
struct responses_answer {
	struct sources sources;
	struct tool_calls *calls; /* NULL before the first call */
	struct responses_item *items;
	size_t n;
	bool other; /* there was an item that cannot be sent back */
};

/* The functions that wire/wire.h describes. */
void responses_answer_free(void *own);
bool responses_take_short(struct llm_stream *stream, struct span data);
MUST_USE enum err responses_take_too_large(
	struct llm_stream *stream, struct span head, struct span tail);
bool responses_is_error(const struct json *event, bool *maybe);
MUST_USE enum err
responses_take(struct llm_stream *stream, const struct json *event);
MUST_USE enum err responses_end_parts(struct llm_stream *stream);

/* The kind of an item, by its type. */
enum responses_kind responses_kind_of(const struct json *item);

/* ---- item.c: finds the item of an event */

/* Finds the item, or makes a new one; NULL if there are too many. */
struct responses_item *responses_item(struct responses_answer *own,
	enum responses_kind kind, struct span id, int64_t index);
/* Begins an item: a new one, unless the event is a repetition. */
struct responses_item *responses_item_added(struct responses_answer *own,
	enum responses_kind kind, struct span id, int64_t index);

/* ---- show.c: shows items */

/* Shows a piece, or, with *again*, a whole part that may already have come in
 * pieces. */
MUST_USE enum err responses_say(struct llm_stream *stream,
	const struct responses_piece *piece, bool again);
/* Shows the arguments of a call or a piece of them; with *again* they may
 * already have come in pieces. *id* and *name* may be absent, and the arguments
 * need not be a string. */
MUST_USE enum err responses_call_json(struct llm_stream *stream,
	struct responses_item *item, struct span id, struct span name,
	const struct json *arguments, bool again);
/* The summary part of that number begins, so complete ones end. */
void responses_begin_part(struct llm_stream *stream,
	struct responses_item *item, struct span id, int64_t part);
/* Shows everything of the item that was not shown yet, and ends it. */
MUST_USE enum err responses_end_item(struct llm_stream *stream,
	struct responses_item *item, const struct json *json);

/* ---- whole.c: the response as a whole */

/* Ends the answer: usage, reason, and the output if nothing of it was shown. */
MUST_USE enum err
responses_end(struct llm_stream *stream, const struct json *response);
/* Reads an event that contains a response. It may be large, because tools and
 * instructions are repeated in it, but little of it counts. False for any other
 * event. */
bool responses_take_large(struct llm_stream *stream, struct span data);

#endif
