#include "chat/prompt.h"

#include "base/attr.h"
#include "chat/instructions.h"
#include "chat/lessons.h"
#include "chat/reply.h"
#include "llm/context.h"
#include "repo/history.h"
#include "wire/kept.h"
#include "json/write.h"

#include <stdio.h>

/* How many messages are read at once: PAGE at first, then as many as there
 * seems to be room for. Messages above their share of PAGE_LEN_MAX bytes are
 * read one by one. */
#define PAGE 32u
#define PAGE_MAX 1024u
#define PAGE_LEN_MAX ((size_t)8 << 20)
/* How many messages beyond the context are counted. A higher number is reported
 * as this one; otherwise a send would take longer the longer the history is. */
#define COUNT_MAX 1000u

struct context {
	struct db *db;
	struct arena *arena;
	const struct llm_settings *settings;
	const struct llm_takes *takes;
	uint64_t session_id;

	struct llm_message *messages; /* newest first */
	size_t n, cap;
	size_t words, room; /* bytes */
	size_t len; /* bytes of stored parts kept in memory */
	bool turn; /* the last turn has been read completely */
	uint64_t before; /* id of the oldest message that was read */
};

static struct llm_message *
add(struct context *context, const struct llm_message *message)
{
	struct llm_message *grown;

	if (context->n == context->cap) {
		context->cap = context->cap * 2 + PAGE;
		grown = arena_alloc(
			context->arena, context->cap * sizeof(*grown));
		if (context->n > 0)
			memcpy(grown, context->messages,
				context->n * sizeof(*grown));
		context->messages = grown;
	}
	context->messages[context->n] = *message;
	return &context->messages[context->n++];
}

/* Leaves out the content of files, for a message that is too large to keep. */
static struct span
without_files(struct arena *arena, const struct json *parts)
{
	static const char *const kept[] = { "type", "mediaType", "filename" };
	struct buf buf = BUF_INIT;
	struct json_writer w = json_writer(&buf);
	struct span copy;

	json_open(&w, '[');
	for (size_t i = 0; i < json_length(parts); i++) {
		const struct json *part = json_at(parts, i);

		if (!span_is(json_text(json_get(part, "type")), "file")) {
			json_put(&w, part);
			continue;
		}
		json_open(&w, '{');
		for (size_t j = 0; j < LENGTH(kept); j++)
			if (json_get(part, kept[j]) != NULL)
				json_member_text(&w, kept[j],
					json_text(json_get(part, kept[j])));
		json_close(&w, '}');
	}
	json_close(&w, ']');
	copy = arena_span(arena, buf_span(&buf));
	buf_free(&buf);
	return copy;
}

/* A large message is kept whole while there is memory for it: in the last turn
 * always, in earlier turns within llm.context_max. */
static enum err
read_large(struct context *context, const struct history_entry *entry,
	struct llm_message *message)
{
	bool fits = !context->turn ||
		context->len + entry->len <= context->settings->context_max;
	struct arena scratch = ARENA_INIT;
	struct span parts;
	const struct json *json;
	enum err err;

	err = history_parts(context->db, fits ? context->arena : &scratch,
		context->session_id, entry->id, &parts);
	if (err == OK && fits) {
		message->parts = parts;
	} else if (err == OK) {
		err = json_parse_items(&scratch, parts, &json);
		message->parts = without_files(context->arena, json);
		message->without_files = true;
	}
	arena_reset(&scratch);
	return err;
}

/* Whether the reply was made by the model that is asked, and not by a model of
 * the same name at another provider. A reply that names no model was posted by
 * a client. */
static bool
is_own(const struct context *context, struct span metadata)
{
	const struct json *json;
	const struct llm_settings *asked = context->settings;
	struct span model = { NULL, 0 }, id = { NULL, 0 };

	if (metadata.len > 0 &&
		json_parse_loose(context->arena, metadata, &json) == OK) {
		model = json_text(json_get(json, "model"));
		id = json_text(json_get(json, REPLY_MODEL_ID));
	}
	if (id.data != NULL && asked->id != NULL && !span_is(id, asked->id))
		return false;
	return model.data == NULL || span_is(model, asked->model);
}

static enum err
take(struct context *context, const struct history_entry *entry)
{
	struct llm_message message = {
		.role = entry->from_user ? LLM_USER : LLM_ASSISTANT,
		.parts = entry->parts,
		.own = !entry->from_user && is_own(context, entry->metadata),
	};
	struct llm_message *added;

	if (message.parts.data == NULL)
		TRY(read_large(context, entry, &message));
	/* Removes opaque state from replies that were posted before posting
	 * removed it. */
	if (entry->posted)
		message.parts = kept_leave_out(context->arena, message.parts);
	added = add(context, &message);
	TRY(llm_message_read(context->arena, context->takes, added));
	context->words += added->size.words;
	context->len += added->parts.len;
	context->turn = context->turn || entry->from_user;
	context->before = entry->id;
	return OK;
}

/* The first message of a session is the question; it need not be read. */
static enum err
take_question(struct context *context, struct span parts)
{
	const struct history_entry entry = {
		.from_user = true, .len = parts.len, .parts = parts
	};

	return take(context, &entry);
}

/* Estimates how many messages like those read so far fill the room that is
 * left. */
static unsigned
next_step(const struct context *context)
{
	size_t left = context->room - MIN(context->words, context->room);
	size_t n = context->n * left / MAX(context->words, (size_t)1);

	return (unsigned)MIN(MAX(n, PAGE), PAGE_MAX);
}

/* Reads no further than there is room, however long the history is. */
static enum err
read_path(struct context *context, unsigned *n_older)
{
	struct history_page page;
	bool full = false;

	do {
		page = (struct history_page){ .session_id = context->session_id,
			.before = context->before,
			.limit = next_step(context) };
		page.len_max = PAGE_LEN_MAX / page.limit;
		TRY(history_page(context->db, context->arena, &page));
		for (unsigned i = 0; i < page.n && !full; i++) {
			TRY(take(context, &page.list[i]));
			full = context->turn && context->words > context->room;
		}
	} while (page.n == page.limit && !full);
	*n_older = 0;
	if (!full)
		return OK;
	return history_count(context->db, context->session_id, context->before,
		COUNT_MAX, n_older);
}

/* ---- the reply so far */

struct steps {
	unsigned n;
	bool calls; /* in the last step */
};

static struct steps
count_steps(const struct json *parts)
{
	struct steps steps = { 0 };

	for (size_t i = 0; i < json_length(parts); i++) {
		struct span type =
			json_text(json_get(json_at(parts, i), "type"));

		if (span_is(type, "step-start")) {
			steps.n++;
			steps.calls = false;
		} else {
			steps.calls = steps.calls ||
				span_is(type, "dynamic-tool") ||
				span_begins(type, "tool-");
		}
	}
	return steps;
}

/* The style that was asked for when the reply began. */
static enum llm_style
style_in(struct arena *arena, struct span metadata)
{
	struct span raw = json_raw_get(metadata, LLM_STYLE_MEMBER);
	enum llm_style style = LLM_STYLE_NONE;

	if (json_raw_kind(raw) == JSON_TEXT)
		(void)llm_style_read(json_raw_text(arena, raw), &style);
	return style;
}

static enum err
take_reply(struct context *context, const struct prompt_ask *ask, bool *last)
{
	struct llm_message reply = {
		.role = LLM_ASSISTANT,
		.parts = ask->parts,
		.own = is_own(context, ask->metadata),
	};
	struct llm_message *added;
	struct steps steps;

	*last = false;
	if (ask->parts.len == 0)
		return OK;
	added = add(context, &reply);
	TRY(llm_message_read(context->arena, context->takes, added));
	context->words += added->size.words;
	steps = count_steps(added->json);
	*last = steps.n >= ask->steps_max;
	return steps.n > ask->steps_max && steps.calls ? ERR_CONFLICT : OK;
}

/* ---- the request */

static void
reverse(struct llm_message *messages, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct llm_message swapped = messages[i];

		messages[i] = messages[n - 1 - i];
		messages[n - 1 - i] = swapped;
	}
}

enum err
prompt_write(struct db *db, struct arena *arena,
	const struct llm_settings *settings, const struct prompt_ask *ask,
	struct buf *body, struct llm_asked *asked)
{
	struct llm_settings told = *settings;
	const struct instructions_ask before = { ask->session_id,
		ask->site_name, ask->untitled };
	struct llm_allowed allowed = { 0 };
	struct llm_ask request = { .settings = &told,
		.style = style_in(arena, ask->metadata) };
	struct context context = { .db = db,
		.arena = arena,
		.settings = &told,
		.takes = &request.takes,
		.session_id = ask->session_id,
		.before = ask->reply_id };

	if (ask->takes != NULL)
		request.takes = *ask->takes;
	else
		TRY(lessons_read(db, arena, settings, &request.takes));
	TRY(instructions_read(
		db, arena, &before, &told, &request.takes, &allowed));
	context.room = context_room(&told, &request.takes);
	TRY(take_reply(&context, ask, &request.last));
	if (ask->question.len > 0)
		TRY(take_question(&context, ask->question));
	else
		TRY(read_path(&context, &request.n_older));
	reverse(context.messages, context.n);
	TRY(llm_request(
		arena, &request, context.messages, context.n, body, asked));
	asked->allowed = allowed;
	return OK;
}

enum llm_fault
prompt_fault(enum err err)
{
	switch ((int)err) {
	case OK:
		return LLM_OK;
	case ERR_BUSY:
		return LLM_DATABASE;
	case ERR_CONFLICT:
		return LLM_STEPS;
	default:
		return LLM_DEFECT;
	}
}
