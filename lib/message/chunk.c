#include "message/chunk.h"

#include "json/json.h"
#include "json/write.h"

#include <stddef.h>

/* The members of all chunks, in the order in which they are written. */
enum member {
	MESSAGE_ID,
	ID,
	TOOL_CALL_ID,
	TOOL_NAME,
	APPROVAL_ID,
	SOURCE_ID,
	DELTA,
	INPUT_DELTA,
	INPUT,
	OUTPUT,
	DATA,
	ERROR_TEXT,
	REASON,
	FINISH_REASON,
	URL,
	MEDIA_TYPE,
	TITLE,
	FILENAME,
	METADATA,
	PROVIDER_METADATA,
	TOOL_METADATA,
	PROVIDER_EXECUTED,
	DYNAMIC,
	PRELIMINARY,
	TRANSIENT,
	MEMBER_N,
};

enum form { TEXT, RAW, FLAG };

static const struct {
	const char *key;
	size_t offset;
	enum form form;
} members[MEMBER_N] = {
#define MEMBER(key, field, form)                         \
	{                                                \
		key, offsetof(struct chunk, field), form \
	}
	[MESSAGE_ID] = MEMBER("messageId", message_id, TEXT),
	[ID] = MEMBER("id", id, TEXT),
	[TOOL_CALL_ID] = MEMBER("toolCallId", tool_call_id, TEXT),
	[TOOL_NAME] = MEMBER("toolName", tool_name, TEXT),
	[APPROVAL_ID] = MEMBER("approvalId", approval_id, TEXT),
	[SOURCE_ID] = MEMBER("sourceId", source_id, TEXT),
	[DELTA] = MEMBER("delta", delta, TEXT),
	[INPUT_DELTA] = MEMBER("inputTextDelta", input_delta, TEXT),
	[INPUT] = MEMBER("input", input, RAW),
	[OUTPUT] = MEMBER("output", output, RAW),
	[DATA] = MEMBER("data", data, RAW),
	[ERROR_TEXT] = MEMBER("errorText", error_text, TEXT),
	[REASON] = MEMBER("reason", reason, TEXT),
	[FINISH_REASON] = MEMBER("finishReason", finish_reason, TEXT),
	[URL] = MEMBER("url", url, TEXT),
	[MEDIA_TYPE] = MEMBER("mediaType", media_type, TEXT),
	[TITLE] = MEMBER("title", title, TEXT),
	[FILENAME] = MEMBER("filename", filename, TEXT),
	[METADATA] = MEMBER("messageMetadata", metadata, RAW),
	[PROVIDER_METADATA] =
		MEMBER("providerMetadata", provider_metadata, RAW),
	[TOOL_METADATA] = MEMBER("toolMetadata", tool_metadata, RAW),
	[PROVIDER_EXECUTED] =
		MEMBER("providerExecuted", provider_executed, FLAG),
	[DYNAMIC] = MEMBER("dynamic", dynamic, FLAG),
	[PRELIMINARY] = MEMBER("preliminary", preliminary, FLAG),
	[TRANSIENT] = MEMBER("transient", transient, FLAG),
#undef MEMBER
};

/* The word of each type, and the members that it requires. */
#define HAS(member) (1u << (member))
#define TOOL HAS(TOOL_CALL_ID)
static const struct {
	const char *word;
	unsigned required;
} types[CHUNK_TYPE_N] = {
	[CHUNK_START] = { "start", 0 },
	[CHUNK_FINISH] = { "finish", 0 },
	[CHUNK_METADATA] = { "message-metadata", HAS(METADATA) },
	[CHUNK_ERROR] = { "error", HAS(ERROR_TEXT) },
	[CHUNK_ABORT] = { "abort", 0 },
	[CHUNK_START_STEP] = { "start-step", 0 },
	[CHUNK_FINISH_STEP] = { "finish-step", 0 },
	[CHUNK_TEXT_START] = { "text-start", HAS(ID) },
	[CHUNK_TEXT_DELTA] = { "text-delta", HAS(ID) | HAS(DELTA) },
	[CHUNK_TEXT_END] = { "text-end", HAS(ID) },
	[CHUNK_REASONING_START] = { "reasoning-start", HAS(ID) },
	[CHUNK_REASONING_DELTA] = { "reasoning-delta", HAS(ID) | HAS(DELTA) },
	[CHUNK_REASONING_END] = { "reasoning-end", HAS(ID) },
	[CHUNK_TOOL_INPUT_START] = { "tool-input-start",
		TOOL | HAS(TOOL_NAME) },
	[CHUNK_TOOL_INPUT_DELTA] = { "tool-input-delta",
		TOOL | HAS(INPUT_DELTA) },
	[CHUNK_TOOL_INPUT_AVAILABLE] = { "tool-input-available",
		TOOL | HAS(TOOL_NAME) | HAS(INPUT) },
	[CHUNK_TOOL_INPUT_ERROR] = { "tool-input-error",
		TOOL | HAS(TOOL_NAME) | HAS(INPUT) | HAS(ERROR_TEXT) },
	[CHUNK_TOOL_OUTPUT_AVAILABLE] = { "tool-output-available",
		TOOL | HAS(OUTPUT) },
	[CHUNK_TOOL_OUTPUT_ERROR] = { "tool-output-error",
		TOOL | HAS(ERROR_TEXT) },
	[CHUNK_TOOL_OUTPUT_DENIED] = { "tool-output-denied", TOOL },
	[CHUNK_TOOL_APPROVAL_REQUEST] = { "tool-approval-request",
		TOOL | HAS(APPROVAL_ID) },
	[CHUNK_SOURCE_URL] = { "source-url", HAS(SOURCE_ID) | HAS(URL) },
	[CHUNK_SOURCE_DOCUMENT] = { "source-document",
		HAS(SOURCE_ID) | HAS(MEDIA_TYPE) | HAS(TITLE) },
	[CHUNK_FILE] = { "file", HAS(URL) | HAS(MEDIA_TYPE) },
	[CHUNK_DATA] = { "data-", HAS(DATA) },
};

static struct span *
member_of(struct chunk *chunk, size_t i)
{
	return (struct span *)(void *)((char *)chunk + members[i].offset);
}

static const struct span *
const_member_of(const struct chunk *chunk, size_t i)
{
	return (const struct span *)(const void *)((const char *)chunk +
		members[i].offset);
}

/* Foreign JSON may contain newlines between its tokens (never inside them), but
 * a chunk is one line. */
static void
put_raw(struct buf *out, struct span json)
{
	size_t start = out->len;

	buf_put_span(out, json);
	for (size_t i = start; i < out->len; i++)
		if (out->data[i] == '\n' || out->data[i] == '\r')
			out->data[i] = ' ';
}

void
chunk_write(struct buf *out, const struct chunk *chunk)
{
	const struct span *value;

	buf_puts(out, "data: {\"type\":");
	if (chunk->type == CHUNK_DATA) {
		json_quote(out, chunk->name);
	} else {
		buf_putc(out, '"');
		buf_puts(out, types[chunk->type].word);
		buf_putc(out, '"');
	}
	for (size_t i = 0; i < MEMBER_N; i++) {
		value = const_member_of(chunk, i);
		if (value->data == NULL)
			continue;
		buf_puts(out, ",\"");
		buf_puts(out, members[i].key);
		buf_puts(out, "\":");
		if (members[i].form == TEXT)
			json_quote(out, *value);
		else
			put_raw(out, *value);
	}
	buf_puts(out, "}\n\n");
}

static enum err
read_type(struct span word, struct chunk *out)
{
	for (size_t i = 0; i < CHUNK_DATA; i++) {
		if (span_is(word, types[i].word)) {
			out->type = (enum chunk_type)i;
			return OK;
		}
	}
	if (word.len < 5 || memcmp(word.data, "data-", 5) != 0)
		return ERR_INVALID;
	out->type = CHUNK_DATA;
	out->name = word;
	return OK;
}

static enum err
read_member(
	struct arena *arena, struct span raw, enum form form, struct span *out)
{
	*out = form == TEXT ? json_raw_text(arena, raw) : raw;
	if (out->data == NULL ||
		(form == FLAG && json_raw_kind(raw) != JSON_BOOL))
		return ERR_INVALID;
	return OK;
}

static void
pick(struct span json, struct span *type, struct span raw[MEMBER_N])
{
	const char *keys[MEMBER_N + 1];
	struct span all[MEMBER_N + 1];

	for (size_t i = 0; i < MEMBER_N; i++)
		keys[i] = members[i].key;
	keys[MEMBER_N] = "type";
	json_raw_pick(json, keys, MEMBER_N + 1, all);
	memcpy(raw, all, MEMBER_N * sizeof(*raw));
	*type = all[MEMBER_N];
}

enum err
chunk_read(struct arena *arena, struct span json, struct chunk *out)
{
	struct span raw[MEMBER_N], type;

	*out = (struct chunk){ 0 };
	TRY(json_check_once(json));
	pick(json, &type, raw);
	TRY(read_type(json_raw_text(arena, type), out));
	for (size_t i = 0; i < MEMBER_N; i++) {
		if (raw[i].data != NULL)
			TRY(read_member(arena, raw[i], members[i].form,
				member_of(out, i)));
		else if ((types[out->type].required & HAS(i)) != 0)
			return ERR_INVALID;
	}
	return OK;
}

/* Takes the next event: the text before an empty line. */
static bool
next_event(struct span *run, struct span *event)
{
	const char *end;
	size_t taken;

	if (run->len == 0)
		return false;
	end = memmem(run->data, run->len, "\n\n", 2);
	if (end == NULL)
		end = run->data + run->len;
	*event = (struct span){ run->data, (size_t)(end - run->data) };
	taken = MIN(event->len + 2, run->len);
	run->data += taken;
	run->len -= taken;
	return true;
}

void
chunk_write_raw(struct buf *out, struct span json)
{
	buf_puts(out, "data: ");
	put_raw(out, json);
	buf_puts(out, "\n\n");
}

bool
chunk_next(struct span *run, struct span *json)
{
	static const char head[] = "data: ";
	struct span event;

	while (next_event(run, &event)) {
		if (event.len <= strlen(head) ||
			memcmp(event.data, head, strlen(head)) != 0)
			continue;
		json->data = event.data + strlen(head);
		json->len = event.len - strlen(head);
		if (!span_is(*json, "[DONE]"))
			return true;
	}
	return false;
}

void
chunk_write_session(struct buf *out, uint64_t session_id,
	const uint64_t *user_message_ids, size_t n)
{
	struct chunk chunk = { .type = CHUNK_DATA, .transient = CHUNK_TRUE };
	struct buf data = BUF_INIT;
	struct json_writer w = json_writer(&data);

	json_open(&w, '{');
	json_member_id(&w, "sessionId", session_id);
	json_key(&w, "userMessageIds");
	json_open(&w, '[');
	for (size_t i = 0; i < n; i++)
		json_put_id(&w, user_message_ids[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	chunk.name = span_of("data-session");
	chunk.data = buf_span(&data);
	chunk_write(out, &chunk);
	buf_free(&data);
}
