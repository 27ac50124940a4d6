/*
 * openai_part.h: UI messages of a conversation as messages of an OpenAI
 * request. Inside of openai_request.c.
 *
 * Whatever the conversation was, what is written has one shape, which every
 * server takes: the prompt first, then a person and the model by turns, the
 * person first and last; neighbours of one role are one message; no message
 * and no text of it is blank; every call has one result right behind it, and
 * the model has a word between a result and a person.
 */

#ifndef LLM_OPENAI_PART_H
#define LLM_OPENAI_PART_H

#include "base/arena.h"
#include "llm/takes.h"
#include "json/json.h"
#include "json/write.h"

#include <stdbool.h>

/* A part of what a person has said: as stored, or a text of ours. */
struct openai_said {
	const struct json *part;
	struct span note;
	bool left_out; /* a file that there is no room for */
};

struct openai_messages {
	struct json_writer *w;
	struct arena *arena;
	const struct llm_takes *takes;
	const char *model; /* that is asked */
	bool calls; /* are written as calls, else as words */
	unsigned had; /* what a refusal may be about: bits of abilities */

	/* The person's open message, then the model's; not written yet. */
	struct openai_said *said;
	size_t n_said, cap_said;
	struct buf text, reasoning;
	struct buf details; /* items of an array */
	bool told; /* the text ends with a call in words */

	enum { WROTE_NOTHING, WROTE_USER, WROTE_ASSISTANT, WROTE_RESULT } last;
	struct span *ids; /* of calls, as written */
	size_t n_ids, cap_ids;
};

/* ---- openai_messages.c */

/* Appends to the open message of a person. */
void openai_say(struct openai_messages *m, const struct openai_said *said);
void openai_say_note(struct openai_messages *m, const char *note);
/* The last message is a person's, whatever is in it. */
void openai_say_something(struct openai_messages *m);

/* Before the model says something: what people have said is written. */
void openai_end_user(struct openai_messages *m);
/* Before somebody else does; nothing when there is nothing to write. */
void openai_end_assistant(struct openai_messages *m);
/* Opens the message of calls, with what is open; the caller closes it. */
void openai_open_calls(struct openai_messages *m);
/* At the end of the conversation. */
void openai_end_messages(struct openai_messages *m);

/* ---- openai_assistant.c */

/* *parts* are the parsed ones; *own*: of the very model that is asked. */
void
openai_add_reply(struct openai_messages *m, const struct json *parts, bool own);

/* ---- openai_call.c: calls and their results */

/* A call whose answer is known: no server takes one that was not answered. */
bool openai_is_answered(const struct json *part);

/* The parts of one step: [first, end) of a reply's. */
struct openai_step {
	const struct json *parts;
	size_t first, end;
	bool own; /* of the very model that is asked */
};

/* The answered calls of a step behind what is open, and their results. */
void
openai_put_calls(struct openai_messages *m, const struct openai_step *step);

/* A call and its result in words. */
void openai_tell_call(const struct json *part, struct buf *out);

/* ---- openai_user.c */

/* Whether there is anything in a person's part for the model. */
bool openai_is_said(const struct json *part);

/* The content and what else is in the message {"role":"user"}. */
void openai_put_said(struct openai_messages *m);

/* ---- openai_part.c */

/* What was kept of the model that is asked under *key* (kept.h), or NULL:
 * opaque state goes to nobody but the model that it is from. *own* decides
 * where no model is named. */
const struct json *openai_kept(const struct openai_messages *m,
	const struct json *metadata, const char *key, bool own);

/* A text member of a part, or absent; whether the part has that type. */
struct span openai_part_text(const struct json *part, const char *key);
bool openai_part_is(const struct json *part, const char *type);
bool openai_part_in_state(const struct json *part, const char *state);

/* Nothing but blanks: servers refuse such texts as they refuse empty ones. */
bool openai_is_blank(struct span text);

/* Members that a client asked to be passed on (cache_control and the like):
 * metadata.openaiCompatible, but never those that we write ourselves. */
bool openai_has_passed_on(const struct json *metadata);
void openai_put_passed_on(struct json_writer *w, const struct json *metadata);

#endif
