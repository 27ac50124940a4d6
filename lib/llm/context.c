#include "llm/context.h"

#include "base/attr.h"
#include "wire/data_url.h"

#include <stdlib.h>
#include <strings.h>

/* Rough values: every provider charges differently. */
#define IMAGE_TOKENS 1000
#define PAGE_TOKENS 1000
#define AUDIO_BYTES 1000 /* bytes of base64 per token */

/* The overhead of a message, and of a line in place of a file. */
#define MESSAGE_BYTES 24u
#define NOTE_BYTES 100u

/* Reserved for the answer if llm.max_tokens is not set. */
#define ANSWER_TOKENS 4096

/* A ratio outside this range means that the count includes something else. */
#define BYTES_100_MIN 100
#define BYTES_100_MAX 800
/* In a shorter request, the overhead would distort the ratio. */
#define TEACHING_BYTES 2000u

/* ---- sizes */

static int64_t
bytes_100(const struct llm_takes *takes)
{
	return takes->bytes > 0 ? takes->bytes : CONTEXT_BYTES_100;
}

static int64_t
tokens_of(const struct llm_takes *takes, size_t words)
{
	return (int64_t)words * 100 / bytes_100(takes) + 1;
}

static bool
is_type(struct span type, const char *start)
{
	return type.len >= strlen(start) &&
		strncasecmp(type.data, start, strlen(start)) == 0;
}

/* A file that is sent as text counts as text if it has a text/ type, otherwise
 * as the line that names it. */
static void
add_file(const struct llm_takes *takes, const struct json *part,
	struct llm_size *size)
{
	struct file_url url = file_url_split(json_text(json_get(part, "url")));
	struct span type = url.type.data != NULL
		? url.type
		: json_text(json_get(part, "mediaType"));

	size->words += NOTE_BYTES;
	if (is_type(type, "text/") && url.source != FILE_REMOTE)
		size->files += tokens_of(takes, url.content.len / 4 * 3);
	else if (is_type(type, "image/") &&
		takes->way[TAKES_IMAGES] == WAY_ON &&
		(takes->way[TAKES_RARE_IMAGES] == WAY_ON ||
			!image_is_rare(type)))
		size->files += IMAGE_TOKENS;
	else if (is_type(type, "application/pdf") &&
		takes->way[TAKES_PDF] == WAY_ON && url.source == FILE_BASE64)
		size->files += (int64_t)pdf_pages(url.content) * PAGE_TOKENS;
	else if (is_type(type, "audio/") && takes->way[TAKES_AUDIO] == WAY_ON)
		size->files += (int64_t)url.content.len / AUDIO_BYTES + 1;
}

/* The length of all strings in a value, plus about as much as JSON adds to
 * them. */
static size_t
bytes_in(const struct json *json)
{
	const struct json *value;
	struct span key;
	size_t at = 0, bytes = 4;

	while (json_next(json, &at, &key, &value))
		bytes += key.len + bytes_in(value);
	if (json_kind(json) == JSON_ARRAY)
		for (size_t i = 0; i < json_length(json); i++)
			bytes += bytes_in(json_at(json, i));
	return bytes + json_text(json).len;
}

static size_t
part_bytes(const struct llm_takes *takes, const struct json *part)
{
	struct span type = json_text(json_get(part, "type"));
	size_t bytes = json_text(json_get(part, "text")).len;

	if (span_is(type, "reasoning"))
		return takes->way[TAKES_REASONING] == WAY_OFF
			? 0
			: bytes + bytes_in(json_get(part, "providerMetadata"));
	if (span_is(type, "text") && json_get(part, "providerMetadata") != NULL)
		return bytes + bytes_in(json_get(part, "providerMetadata"));
	if (span_is(type, "text"))
		return bytes;
	if (!is_type(type, "tool-") && !span_is(type, "dynamic-tool"))
		return 0;
	return MESSAGE_BYTES + type.len + bytes_in(json_get(part, "input")) +
		bytes_in(json_get(part, "rawInput")) +
		bytes_in(json_get(part, "output")) +
		json_text(json_get(part, "errorText")).len;
}

struct llm_size
context_size(const struct llm_takes *takes, const struct json *parts)
{
	struct llm_size size = { MESSAGE_BYTES, 0 };

	for (size_t i = 0; i < json_length(parts); i++) {
		const struct json *part = json_at(parts, i);

		if (span_is(json_text(json_get(part, "type")), "file"))
			add_file(takes, part, &size);
		else
			size.words += part_bytes(takes, part);
	}
	return size;
}

/* ---- room */

/* The size of the model's window, as far as it is known. */
static int64_t
window_of(const struct llm_settings *settings, const struct llm_takes *takes)
{
	if (takes->context_tokens <= 0)
		return settings->context_tokens;
	return MIN(settings->context_tokens, takes->context_tokens);
}

/* What every request contains besides the conversation. */
static size_t
fixed_bytes(const struct llm_settings *settings, const struct llm_takes *takes)
{
	size_t bytes = strlen(settings->system_prompt);

	return takes->way[TAKES_TOOLS] == WAY_ON ? bytes + settings->tools.len
						 : bytes;
}

/* In tokens; never less than half the window. */
static int64_t
room_of(const struct llm_settings *settings, const struct llm_takes *takes)
{
	int64_t limit = window_of(settings, takes);
	int64_t answer = MIN(limit / 4, ANSWER_TOKENS);

	if (settings->max_tokens.len > 0)
		answer = strtol(settings->max_tokens.data, NULL, 10);
	return MAX(
		limit - answer - tokens_of(takes, fixed_bytes(settings, takes)),
		limit / 2);
}

size_t
context_room(const struct llm_settings *settings, const struct llm_takes *takes)
{
	return (size_t)(room_of(settings, takes) * bytes_100(takes) / 100);
}

/* The first message whose text is sent; *left* is the room that remains. */
static size_t
choose_words(const struct llm_takes *takes, const struct llm_message *messages,
	size_t n, int64_t *left)
{
	int64_t tokens = 0, told = 0;
	size_t first = n;

	for (size_t i = n; i-- > 0;) {
		tokens += tokens_of(takes, messages[i].size.words);
		if (tokens > *left && first < n)
			break;
		if (messages[i].role == LLM_USER || i == 0) {
			first = i;
			told = tokens;
		}
	}
	*left -= told;
	return first;
}

/* The files of the last turn are sent whatever they cost. */
static int64_t
choose_files(struct llm_message *messages, size_t first, size_t n, int64_t left)
{
	int64_t tokens = 0;
	bool last_turn = true;

	for (size_t i = n; i-- > first;) {
		struct llm_message *message = &messages[i];

		if (message->size.files > 0 && !last_turn &&
			tokens + message->size.files > left)
			message->without_files = true;
		else if (!message->without_files)
			tokens += message->size.files;
		last_turn = last_turn && message->role != LLM_USER;
	}
	return tokens;
}

size_t
context_choose(const struct llm_ask *ask, struct llm_message *messages,
	size_t n, struct llm_asked *asked)
{
	int64_t left = room_of(ask->settings, &ask->takes), files;
	size_t first = choose_words(&ask->takes, messages, n, &left);

	files = choose_files(messages, first, n, left);
	asked->words = fixed_bytes(ask->settings, &ask->takes);
	asked->n_left_out = (unsigned)first + ask->n_older;
	for (size_t i = first; i < n; i++) {
		asked->words += messages[i].size.words;
		asked->n_left_out += messages[i].without_files;
	}
	for (size_t i = first + 1; i < n; i++)
		asked->spare = asked->spare || messages[i].role == LLM_USER;
	asked->files = files > 0;
	asked->tokens = files + tokens_of(&ask->takes, asked->words);
	asked->limit = window_of(ask->settings, &ask->takes);
	return first;
}

bool
context_learn(const struct llm_asked *asked, int64_t input_tokens,
	struct llm_takes *takes)
{
	int64_t now = bytes_100(takes), seen;

	if (asked->files || asked->words < TEACHING_BYTES || input_tokens <= 0)
		return false;
	seen = (int64_t)asked->words * 100 / input_tokens;
	if (seen < BYTES_100_MIN || seen > BYTES_100_MAX)
		return false;
	if (takes->bytes > 0 && llabs(seen - now) * 20 < now)
		return false;
	takes->bytes = (3 * now + seen) / 4;
	return true;
}
