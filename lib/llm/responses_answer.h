/*
 * responses_answer.h: what a streamed OpenAI Responses answer says, event by
 * event (stream.h). Events are known by their `type`, or where that is not
 * there by the name of the SSE event; all others are skipped, and so are the
 * items of tools that the provider has run itself. What comes in pieces, in
 * `done` events and in the whole response again is shown once: the first time
 * that it comes.
 */

#ifndef LLM_RESPONSES_ANSWER_H
#define LLM_RESPONSES_ANSWER_H

#include "llm/responses_piece.h"
#include "llm/sources.h"
#include "llm/stream.h"
#include "llm/tool_calls.h"

#define RESPONSES_ITEMS_MAX 1024

struct responses_item {
	enum responses_kind kind;
	int64_t index; /* output_index, or -1 */
	uint64_t id; /* a hash of it, 0: none */
	uint64_t shown; /* bits of content or summary parts */
	uint64_t open, whole; /* reasoning: bits of parts */
	bool content; /* reasoning: as content, not as a summary */
	bool named, called; /* call: there was a name, there were arguments */
	bool ended;
};

/* What is held of an answer. */
struct responses_answer {
	struct sources sources;
	struct tool_calls *calls; /* NULL until the first */
	struct responses_item *items;
	size_t n;
	bool other; /* there was an item that cannot be told again */
};

/* As wire.h has them. */
void responses_answer_free(void *own);
bool responses_take_short(struct llm_stream *stream, struct span data);
MUST_USE enum err responses_take_too_large(
	struct llm_stream *stream, struct span head, struct span tail);
bool responses_is_error(const struct json *event, bool *maybe);
MUST_USE enum err
responses_take(struct llm_stream *stream, const struct json *event);
MUST_USE enum err responses_end_parts(struct llm_stream *stream);

/* What an item is, by its type. */
enum responses_kind responses_kind_of(const struct json *item);

/* ---- responses_item.c: which item an event is about */

/* Makes a new one where there is none yet; NULL: there are too many. */
struct responses_item *responses_item(struct responses_answer *own,
	enum responses_kind kind, struct span id, int64_t index);
/* An item begins: another one than those so far, unless it is said again. */
struct responses_item *responses_item_added(struct responses_answer *own,
	enum responses_kind kind, struct span id, int64_t index);

/* ---- responses_show.c: what is shown of items */

/* A piece, or with *again* a whole part, which may have come in pieces. */
MUST_USE enum err responses_say(struct llm_stream *stream,
	const struct responses_piece *piece, bool again);
/* The arguments of a call or a piece of them; with *again* they may have come
 * in pieces. *id* and *name* of the call may be absent. */
MUST_USE enum err
responses_call(struct llm_stream *stream, struct responses_item *item,
	struct span id, struct span name, struct span arguments, bool again);
/* The same, with arguments that need not be a text. */
MUST_USE enum err responses_call_json(struct llm_stream *stream,
	struct responses_item *item, struct span id, struct span name,
	const struct json *arguments, bool again);
/* A summary part of that number begins, so that those which are whole end. */
void responses_begin_part(struct llm_stream *stream,
	struct responses_item *item, struct span id, int64_t part);
/* All of an item, what has not been shown yet; then it has ended. */
MUST_USE enum err responses_end_item(struct llm_stream *stream,
	struct responses_item *item, const struct json *json);

/* ---- responses_whole.c: the response as a whole */

/* Its end: usage, reason, and the output when nothing has come of it. */
MUST_USE enum err
responses_end(struct llm_stream *stream, const struct json *response);
/* An event with a response in it, of which little counts and which may be
 * large: tools and instructions come back in it. False: it is none. */
bool responses_take_large(struct llm_stream *stream, struct span data);

#endif
