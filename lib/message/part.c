#include "message/part.h"

#include "base/mem.h"
#include "json/json.h"
#include "json/write.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const states[PART_STATE_N] = {
	[PART_NO_STATE] = NULL,
	[PART_STREAMING] = "streaming",
	[PART_DONE] = "done",
	[PART_INPUT_STREAMING] = "input-streaming",
	[PART_INPUT_AVAILABLE] = "input-available",
	[PART_APPROVAL_REQUESTED] = "approval-requested",
	[PART_APPROVAL_RESPONDED] = "approval-responded",
	[PART_OUTPUT_AVAILABLE] = "output-available",
	[PART_OUTPUT_ERROR] = "output-error",
	[PART_OUTPUT_DENIED] = "output-denied",
};

/* The members of a tool part besides type, toolName, state and, while it
 * streams, rawInput. */
static const struct {
	const char *key;
	enum part_field field;
	bool raw;
} tool_members[] = {
	{ "toolCallId", PART_ID, false },
	{ "title", PART_TITLE, false },
	{ "input", PART_INPUT, true },
	{ "rawInput", PART_RAW_INPUT, true },
	{ "output", PART_OUTPUT, true },
	{ "errorText", PART_ERROR_TEXT, false },
	{ "preliminary", PART_PRELIMINARY, true },
	{ "providerExecuted", PART_PROVIDER_EXECUTED, true },
	{ "approval", PART_APPROVAL, true },
	{ "callProviderMetadata", PART_CALL_METADATA, true },
	{ "resultProviderMetadata", PART_RESULT_METADATA, true },
	{ "toolMetadata", PART_TOOL_METADATA, true },
};

void
part_set(struct part *part, enum part_field field, struct span value)
{
	char *copy = NULL;

	if (value.data != NULL) {
		copy = mem_alloc(value.len);
		if (value.len > 0)
			memcpy(copy, value.data, value.len);
	}
	free((void *)(uintptr_t)part->fields[field].data);
	part->fields[field] = (struct span){ copy, value.len };
}

void
part_free(struct part *part)
{
	for (int i = 0; i < PART_FIELD_N; i++)
		free((void *)(uintptr_t)part->fields[i].data);
	buf_free(&part->text);
}

/* ---- loading */

/* The members of a part that are read, besides those of a tool. */
enum head { TYPE, STATE, TEXT, ID, METADATA, TOOL_NAME, HEAD_N };

static const char *const head_keys[HEAD_N] = {
	[TYPE] = "type",
	[STATE] = "state",
	[TEXT] = "text",
	[ID] = "id",
	[METADATA] = "providerMetadata",
	[TOOL_NAME] = "toolName",
};

static enum err
load_state(struct part *part, struct span raw)
{
	for (int i = 0; i < PART_STATE_N; i++) {
		if (i == PART_NO_STATE
				? raw.data == NULL || span_is(raw, "null")
				: json_raw_is(raw, states[i])) {
			part->state = (enum part_state)i;
			return OK;
		}
	}
	return ERR_INVALID;
}

static enum err
load_text(
	struct part *part, struct arena *arena, const struct span head[HEAD_N])
{
	struct span text = json_raw_text(arena, head[TEXT]);

	if (text.data == NULL)
		return ERR_INVALID;
	buf_put_span(&part->text, text);
	part_set(part, PART_ID, json_raw_text(arena, head[ID]));
	part_set(part, PART_METADATA, head[METADATA]);
	return load_state(part, head[STATE]);
}

static void
load_tool_members(struct part *part, struct arena *arena, struct span source)
{
	const char *keys[LENGTH(tool_members)];
	struct span raw[LENGTH(tool_members)];

	for (size_t i = 0; i < LENGTH(tool_members); i++)
		keys[i] = tool_members[i].key;
	json_raw_pick(source, keys, LENGTH(tool_members), raw);
	for (size_t i = 0; i < LENGTH(tool_members); i++)
		part_set(part, tool_members[i].field,
			tool_members[i].raw ? raw[i]
					    : json_raw_text(arena, raw[i]));
}

static enum err
load_tool(struct part *part, struct arena *arena, struct span source,
	const struct span head[HEAD_N])
{
	struct span type = json_raw_text(arena, head[TYPE]);
	struct span raw;

	part->dynamic = span_is(type, "dynamic-tool");
	part_set(part, PART_NAME,
		part->dynamic ? json_raw_text(arena, head[TOOL_NAME])
			      : (struct span){ type.data + 5, type.len - 5 });
	load_tool_members(part, arena, source);
	TRY(load_state(part, head[STATE]));
	if (part->state == PART_INPUT_STREAMING) {
		raw = part->fields[PART_RAW_INPUT];
		if (raw.data != NULL)
			buf_put_span(&part->text, json_raw_text(arena, raw));
		part_set(part, PART_RAW_INPUT, (struct span){ NULL, 0 });
	}
	return part->fields[PART_ID].data != NULL &&
			part->fields[PART_NAME].data != NULL &&
			part->state != PART_NO_STATE
		? OK
		: ERR_INVALID;
}

enum err
part_load(struct part *part, struct arena *arena, struct span source)
{
	struct span head[HEAD_N], type;

	*part = (struct part){ 0 };
	json_raw_pick(source, head_keys, HEAD_N, head);
	type = json_raw_text(arena, head[TYPE]);
	if (type.data == NULL)
		return ERR_INVALID;
	part_set(part, PART_RAW, source);
	part->kind = PART_OTHER;
	if (span_is(type, "step-start")) {
		part->kind = PART_STEP;
	} else if (span_is(type, "text") || span_is(type, "reasoning")) {
		part->kind = span_is(type, "text") ? PART_TEXT : PART_REASONING;
		return load_text(part, arena, head);
	} else if (span_is(type, "dynamic-tool") ||
		span_begins(type, "tool-")) {
		part->kind = PART_TOOL;
		return load_tool(part, arena, source, head);
	} else {
		part_set(part, PART_NAME, type);
		part_set(part, PART_ID, json_raw_text(arena, head[ID]));
	}
	return OK;
}

/* ---- writing */

static void
write_text(const struct part *part, struct json_writer *w)
{
	bool reasoning = part->kind == PART_REASONING;

	json_member_str(w, "type", reasoning ? "reasoning" : "text");
	if (reasoning)
		json_maybe_text(w, "id", part->fields[PART_ID]);
	json_member_text(w, "text", buf_span(&part->text));
	json_maybe_raw(w, "providerMetadata", part->fields[PART_METADATA]);
	if (part->state != PART_NO_STATE)
		json_member_str(w, "state", states[part->state]);
}

static void
write_tool_type(const struct part *part, struct json_writer *w)
{
	struct buf type = BUF_INIT;

	if (part->dynamic) {
		json_member_str(w, "type", "dynamic-tool");
		json_member_text(w, "toolName", part->fields[PART_NAME]);
		return;
	}
	buf_puts(&type, "tool-");
	buf_put_span(&type, part->fields[PART_NAME]);
	json_member_text(w, "type", buf_span(&type));
	buf_free(&type);
}

static void
write_tool(const struct part *part, struct json_writer *w)
{
	write_tool_type(part, w);
	json_member_str(w, "state", states[part->state]);
	for (size_t i = 0; i < LENGTH(tool_members); i++) {
		struct span value = part->fields[tool_members[i].field];

		if (tool_members[i].raw)
			json_maybe_raw(w, tool_members[i].key, value);
		else
			json_maybe_text(w, tool_members[i].key, value);
	}
	if (part->state == PART_INPUT_STREAMING && part->text.len > 0)
		json_member_text(w, "rawInput", buf_span(&part->text));
}

void
part_write(const struct part *part, struct buf *out)
{
	struct json_writer w = json_writer(out);

	if (part->fields[PART_RAW].data != NULL) {
		buf_put_span(out, part->fields[PART_RAW]);
		return;
	}
	json_open(&w, '{');
	if (part->kind == PART_STEP)
		json_member_str(&w, "type", "step-start");
	else if (part->kind == PART_TOOL)
		write_tool(part, &w);
	else
		write_text(part, &w);
	json_close(&w, '}');
}

/* ---- replaying */

static void
replay_text(const struct part *part, size_t number, struct buf *out)
{
	bool reasoning = part->kind == PART_REASONING;
	struct chunk chunk = { .id = part->fields[PART_ID] };
	char made[32];

	if (chunk.id.data == NULL) {
		snprintf(made, sizeof(made), "part-%zu", number);
		chunk.id = span_of(made);
	}
	chunk.type = reasoning ? CHUNK_REASONING_START : CHUNK_TEXT_START;
	chunk.provider_metadata = part->fields[PART_METADATA];
	chunk_write(out, &chunk);
	chunk.provider_metadata = (struct span){ NULL, 0 };
	if (part->text.len > 0) {
		chunk.type =
			reasoning ? CHUNK_REASONING_DELTA : CHUNK_TEXT_DELTA;
		chunk.delta = buf_span(&part->text);
		chunk_write(out, &chunk);
		chunk.delta = (struct span){ NULL, 0 };
	}
	chunk.type = reasoning ? CHUNK_REASONING_END : CHUNK_TEXT_END;
	if (!part->open)
		chunk_write(out, &chunk);
}

/* Replays the call itself: with its arguments so far, complete, or as an
 * error. */
static void
replay_input(const struct part *part, struct buf *out)
{
	struct chunk chunk = {
		.type = CHUNK_TOOL_INPUT_AVAILABLE,
		.tool_call_id = part->fields[PART_ID],
		.tool_name = part->fields[PART_NAME],
		.title = part->fields[PART_TITLE],
		.input = part->fields[PART_INPUT],
		.provider_executed = part->fields[PART_PROVIDER_EXECUTED],
		.provider_metadata = part->fields[PART_CALL_METADATA],
		.tool_metadata = part->fields[PART_TOOL_METADATA],
	};

	if (part->dynamic)
		chunk.dynamic = CHUNK_TRUE;
	if (part->state == PART_INPUT_STREAMING) {
		chunk.type = CHUNK_TOOL_INPUT_START;
		chunk.input = (struct span){ NULL, 0 };
	} else if (chunk.input.data == NULL) {
		chunk.type = CHUNK_TOOL_INPUT_ERROR;
		chunk.input = part->fields[PART_RAW_INPUT];
		if (chunk.input.data == NULL)
			chunk.input = span_of("null");
		chunk.error_text = part->fields[PART_ERROR_TEXT];
	}
	chunk_write(out, &chunk);
	if (part->state == PART_INPUT_STREAMING && part->text.len > 0)
		chunk_write(out,
			&(struct chunk){ .type = CHUNK_TOOL_INPUT_DELTA,
				.tool_call_id = part->fields[PART_ID],
				.input_delta = buf_span(&part->text) });
}

static void
replay_approval(const struct part *part, struct buf *out)
{
	struct chunk chunk = { .type = CHUNK_TOOL_APPROVAL_REQUEST,
		.tool_call_id = part->fields[PART_ID] };
	struct arena arena = ARENA_INIT;

	chunk.approval_id = json_raw_text(
		&arena, json_raw_get(part->fields[PART_APPROVAL], "id"));
	if (chunk.approval_id.data != NULL)
		chunk_write(out, &chunk);
	arena_reset(&arena);
}

static void
replay_tool(const struct part *part, struct buf *out)
{
	struct chunk chunk = {
		.tool_call_id = part->fields[PART_ID],
		.provider_metadata = part->fields[PART_RESULT_METADATA],
	};

	replay_input(part, out);
	replay_approval(part, out);
	if (part->state == PART_OUTPUT_AVAILABLE) {
		chunk.type = CHUNK_TOOL_OUTPUT_AVAILABLE;
		chunk.output = part->fields[PART_OUTPUT];
		chunk.preliminary = part->fields[PART_PRELIMINARY];
		chunk_write(out, &chunk);
	} else if (part->state == PART_OUTPUT_ERROR &&
		part->fields[PART_INPUT].data != NULL) {
		chunk.type = CHUNK_TOOL_OUTPUT_ERROR;
		chunk.error_text = part->fields[PART_ERROR_TEXT];
		chunk_write(out, &chunk);
	} else if (part->state == PART_OUTPUT_DENIED) {
		chunk_write(out,
			&(struct chunk){ .type = CHUNK_TOOL_OUTPUT_DENIED,
				.tool_call_id = chunk.tool_call_id });
	}
}

void
part_replay(const struct part *part, size_t number, struct buf *out)
{
	switch (part->kind) {
	case PART_STEP:
		break;
	case PART_TEXT:
	case PART_REASONING:
		replay_text(part, number, out);
		break;
	case PART_TOOL:
		replay_tool(part, out);
		break;
	case PART_OTHER:
		/* These chunks have the same members as their parts. */
		chunk_write_raw(out, part->fields[PART_RAW]);
		break;
	}
}
