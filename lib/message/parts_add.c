/* Implements parts_add(): the effect of each chunk on the message. */

#include "message/parts.h"

#include "message/part.h"
#include "json/write.h"

#define ABSENT ((struct span){ NULL, 0 })

static bool
has_id(const struct part *part, struct span id)
{
	return span_equal(part->fields[PART_ID], id);
}

static enum err
add_metadata(struct parts *parts, const struct chunk *chunk)
{
	return chunk->metadata.data != NULL
		? parts_merge_metadata(parts, chunk->metadata)
		: OK;
}

/* ---- steps, text and reasoning */

static enum err
add_start(struct parts *parts, const struct chunk *chunk)
{
	if (chunk->message_id.data != NULL) {
		buf_clear(&parts->message_id);
		buf_put_span(&parts->message_id, chunk->message_id);
	}
	return add_metadata(parts, chunk);
}

static enum err
add_nothing(struct parts *parts, const struct chunk *chunk)
{
	(void)parts;
	(void)chunk;
	return OK;
}

static enum err
add_step(struct parts *parts, const struct chunk *chunk)
{
	(void)chunk;
	parts_push(parts, PART_STEP);
	parts->in_step = true;
	return OK;
}

/* Open blocks stay as they are, but receive no more deltas. */
static enum err
add_step_end(struct parts *parts, const struct chunk *chunk)
{
	(void)chunk;
	for (size_t i = 0; i < parts->n; i++)
		parts->list[i].open = false;
	parts->in_step = false;
	return OK;
}

static struct part *
find_open(struct parts *parts, enum part_kind kind, struct span id)
{
	for (size_t i = parts->n; i-- > 0;) {
		struct part *part = &parts->list[i];

		if (part->open && part->kind == kind && has_id(part, id))
			return part;
	}
	return NULL;
}

static enum part_kind
block_kind(const struct chunk *chunk)
{
	return chunk->type >= CHUNK_REASONING_START ? PART_REASONING
						    : PART_TEXT;
}

static enum err
add_block(struct parts *parts, const struct chunk *chunk)
{
	enum part_kind kind = block_kind(chunk);
	struct part *part = find_open(parts, kind, chunk->id);

	if (part != NULL)
		part->open = false;
	part = parts_push(parts, kind);
	part->state = PART_STREAMING;
	part->open = true;
	part_set(part, PART_ID, chunk->id);
	part_set(part, PART_METADATA, chunk->provider_metadata);
	return OK;
}

static enum err
add_delta(struct parts *parts, const struct chunk *chunk)
{
	struct part *part = find_open(parts, block_kind(chunk), chunk->id);

	if (part == NULL)
		return ERR_INVALID;
	buf_put_span(&part->text, chunk->delta);
	parts->size += chunk->delta.len;
	if (chunk->provider_metadata.data != NULL)
		part_set(part, PART_METADATA, chunk->provider_metadata);
	return OK;
}

static enum err
add_block_end(struct parts *parts, const struct chunk *chunk)
{
	struct part *part = find_open(parts, block_kind(chunk), chunk->id);

	if (part == NULL)
		return ERR_INVALID;
	part->open = false;
	part->state = PART_DONE;
	if (chunk->provider_metadata.data != NULL)
		part_set(part, PART_METADATA, chunk->provider_metadata);
	return OK;
}

/* ---- tool calls */

/* Finds the call of this kind in the running step. */
static struct part *
find_in_step(struct parts *parts, struct span call_id, bool dynamic)
{
	for (size_t i = parts->n; i-- > 0;) {
		struct part *part = &parts->list[i];

		if (part->kind == PART_STEP)
			break;
		if (part->kind == PART_TOOL && part->dynamic == dynamic &&
			has_id(part, call_id))
			return part;
	}
	return NULL;
}

/* Finds the latest call with that id in any step. */
struct part *
parts_find_call(const struct parts *parts, struct span call_id)
{
	for (size_t i = parts->n; i-- > 0;) {
		struct part *part = &parts->list[i];

		if (part->kind == PART_TOOL && has_id(part, call_id))
			return part;
	}
	return NULL;
}

/* Every change of a call clears what the chunk does not contain, except fields
 * that stay once they are set. */
static void
change_call(struct part *part, const struct chunk *chunk, enum part_state state)
{
	part->state = state;
	part_set(part, PART_RAW, ABSENT);
	part_set(part, PART_OUTPUT, chunk->output);
	part_set(part, PART_ERROR_TEXT, chunk->error_text);
	part_set(part, PART_PRELIMINARY, chunk->preliminary);
	if (chunk->title.data != NULL)
		part_set(part, PART_TITLE, chunk->title);
	if (chunk->tool_metadata.data != NULL)
		part_set(part, PART_TOOL_METADATA, chunk->tool_metadata);
	if (chunk->provider_executed.data != NULL)
		part_set(
			part, PART_PROVIDER_EXECUTED, chunk->provider_executed);
	if (chunk->provider_metadata.data != NULL)
		part_set(part,
			state == PART_OUTPUT_AVAILABLE ||
					state == PART_OUTPUT_ERROR
				? PART_RESULT_METADATA
				: PART_CALL_METADATA,
			chunk->provider_metadata);
}

static struct part *
call_in_step(struct parts *parts, const struct chunk *chunk, bool dynamic)
{
	struct part *part = find_in_step(parts, chunk->tool_call_id, dynamic);

	if (part == NULL) {
		part = parts_push(parts, PART_TOOL);
		part->dynamic = dynamic;
		part_set(part, PART_ID, chunk->tool_call_id);
	}
	part_set(part, PART_NAME, chunk->tool_name);
	part_set(part, PART_RAW_INPUT, ABSENT);
	return part;
}

static bool
is_true(struct span flag)
{
	return span_is(flag, "true");
}

static enum err
add_input_start(struct parts *parts, const struct chunk *chunk)
{
	struct part *part = call_in_step(parts, chunk, is_true(chunk->dynamic));

	change_call(part, chunk, PART_INPUT_STREAMING);
	part_set(part, PART_INPUT, ABSENT);
	buf_clear(&part->text);
	parts->size += chunk->tool_call_id.len + chunk->tool_name.len;
	return OK;
}

static enum err
add_input_delta(struct parts *parts, const struct chunk *chunk)
{
	struct part *part = parts_find_call(parts, chunk->tool_call_id);

	if (part == NULL || part->state != PART_INPUT_STREAMING)
		return ERR_INVALID;
	part_set(part, PART_RAW, ABSENT);
	buf_put_span(&part->text, chunk->input_delta);
	parts->size += chunk->input_delta.len;
	return OK;
}

static enum err
add_input(struct parts *parts, const struct chunk *chunk)
{
	struct part *part = call_in_step(parts, chunk, is_true(chunk->dynamic));

	change_call(part, chunk, PART_INPUT_AVAILABLE);
	part_set(part, PART_INPUT, chunk->input);
	buf_free(&part->text);
	return OK;
}

/* Clients of ai 5 and 6 do this; we ourselves write other chunks. */
static enum err
add_input_error(struct parts *parts, const struct chunk *chunk)
{
	struct part *part = find_in_step(parts, chunk->tool_call_id, true);
	bool dynamic = part != NULL ||
		(is_true(chunk->dynamic) &&
			find_in_step(parts, chunk->tool_call_id, false) ==
				NULL);

	part = call_in_step(parts, chunk, dynamic);
	change_call(part, chunk, PART_OUTPUT_ERROR);
	part_set(part, PART_INPUT, dynamic ? chunk->input : ABSENT);
	part_set(part, PART_RAW_INPUT, dynamic ? ABSENT : chunk->input);
	buf_free(&part->text);
	return OK;
}

static enum err
add_output(struct parts *parts, const struct chunk *chunk)
{
	struct part *part = parts_find_call(parts, chunk->tool_call_id);
	bool error = chunk->type == CHUNK_TOOL_OUTPUT_ERROR;

	if (part == NULL)
		return ERR_INVALID;
	change_call(
		part, chunk, error ? PART_OUTPUT_ERROR : PART_OUTPUT_AVAILABLE);
	if (!error)
		part_set(part, PART_RAW_INPUT, ABSENT);
	parts->size += chunk->output.len;
	return OK;
}

static enum err
add_denied(struct parts *parts, const struct chunk *chunk)
{
	struct part *part = parts_find_call(parts, chunk->tool_call_id);

	if (part == NULL)
		return ERR_INVALID;
	part->state = PART_OUTPUT_DENIED;
	part_set(part, PART_RAW, ABSENT);
	return OK;
}

static enum err
add_approval(struct parts *parts, const struct chunk *chunk)
{
	struct part *part = parts_find_call(parts, chunk->tool_call_id);
	struct buf approval = BUF_INIT;
	struct json_writer w = json_writer(&approval);

	if (part == NULL)
		return ERR_INVALID;
	json_open(&w, '{');
	json_member_text(&w, "id", chunk->approval_id);
	json_close(&w, '}');
	part->state = PART_APPROVAL_REQUESTED;
	part_set(part, PART_RAW, ABSENT);
	part_set(part, PART_APPROVAL, buf_span(&approval));
	buf_free(&approval);
	return OK;
}

/* ---- any chunk */

static enum err (*const add[CHUNK_TYPE_N])(
	struct parts *parts, const struct chunk *chunk) = {
	[CHUNK_START] = add_start,
	[CHUNK_FINISH] = add_metadata,
	[CHUNK_METADATA] = add_metadata,
	[CHUNK_ERROR] = add_nothing,
	[CHUNK_ABORT] = add_nothing,
	[CHUNK_START_STEP] = add_step,
	[CHUNK_FINISH_STEP] = add_step_end,
	[CHUNK_TEXT_START] = add_block,
	[CHUNK_TEXT_DELTA] = add_delta,
	[CHUNK_TEXT_END] = add_block_end,
	[CHUNK_REASONING_START] = add_block,
	[CHUNK_REASONING_DELTA] = add_delta,
	[CHUNK_REASONING_END] = add_block_end,
	[CHUNK_TOOL_INPUT_START] = add_input_start,
	[CHUNK_TOOL_INPUT_DELTA] = add_input_delta,
	[CHUNK_TOOL_INPUT_AVAILABLE] = add_input,
	[CHUNK_TOOL_INPUT_ERROR] = add_input_error,
	[CHUNK_TOOL_OUTPUT_AVAILABLE] = add_output,
	[CHUNK_TOOL_OUTPUT_ERROR] = add_output,
	[CHUNK_TOOL_OUTPUT_DENIED] = add_denied,
	[CHUNK_TOOL_APPROVAL_REQUEST] = add_approval,
	[CHUNK_SOURCE_URL] = parts_add_other,
	[CHUNK_SOURCE_DOCUMENT] = parts_add_other,
	[CHUNK_FILE] = parts_add_other,
	[CHUNK_DATA] = parts_add_data,
};

enum err
parts_add(struct parts *parts, const struct chunk *chunk)
{
	return add[chunk->type](parts, chunk);
}
