#include "base/log.h"
#include "lamplight/import.h"
#include "json/write.h"

#include <inttypes.h>
#include <string.h>

#define SHOWN_MAX 60

static const struct {
	const char *word, *sentence;
	bool bad;
} results[IMPORT_RESULT_N] = {
	[IMPORT_DONE] = { "imported", "imported", false },
	[IMPORT_THERE] = { "there", "there already", false },
	[IMPORT_EMPTY] = { "empty", "nothing in it", false },
	[IMPORT_UNKNOWN] = { "unknown", "not a chat in a known format", true },
	[IMPORT_TOO_LARGE] = { "large", "too large", true },
	[IMPORT_REFUSED] = { "refused", "refused", true },
};

static void
show_progress(const struct import_report *said, uint64_t bytes)
{
	size_t n = 0;

	if (!said->terminal)
		return;
	for (int i = 0; i < IMPORT_RESULT_N; i++)
		n += said->n[i];
	if (said->size > 0)
		fprintf(stderr, "\r%3u %%  %zu chats ",
			(unsigned)(bytes * 100 / said->size), n);
	else
		fprintf(stderr, "\r%" PRIu64 " MB  %zu chats ", bytes >> 20, n);
}

static void
print_json(const struct import_chat *chat, enum import_result result,
	size_t messages)
{
	struct buf out = BUF_INIT;
	struct json_writer w = json_writer(&out);

	json_open(&w, '{');
	json_member_str(&w, "result", results[result].word);
	if (chat->source != NULL)
		json_member_str(&w, "from", chat->source);
	if (chat->key.len > 0)
		json_member_text(&w, "id", chat->key);
	if (chat->title.len > 0)
		json_member_text(&w, "title", chat->title);
	json_member_int(&w, "messages", (int64_t)messages);
	json_member_int(&w, "leftOut", (int64_t)chat->left_out);
	json_close(&w, '}');
	puts(buf_str(&out));
	buf_free(&out);
}

void
import_say(struct import_report *said, const struct import_chat *chat,
	enum import_result result, size_t messages, uint64_t bytes)
{
	char shown[4 * SHOWN_MAX + 8];

	said->n[result]++;
	said->messages += result == IMPORT_DONE ? messages : 0;
	said->left_out += result == IMPORT_DONE ? chat->left_out : 0;
	if (said->terminal)
		fputs("\r\033[K", stderr);
	if (said->json) {
		print_json(chat, result, result == IMPORT_DONE ? messages : 0);
	} else {
		log_escape(shown, sizeof(shown), chat->title.data,
			MIN(chat->title.len, (size_t)SHOWN_MAX));
		printf("%s: ", results[result].sentence);
		if (result == IMPORT_DONE)
			printf("%zu messages, %zu parts left out: ", messages,
				chat->left_out);
		puts(chat->title.len > 0 ? shown : "(no title)");
	}
	show_progress(said, bytes);
}

static void
print_saved_json(const struct import_saved *saved)
{
	struct buf out = BUF_INIT;
	struct json_writer w = json_writer(&out);

	json_open(&w, '{');
	json_member_str(&w, "result", results[saved->result].word);
	json_member_str(&w, "kind", saved->is_prompt ? "prompt" : "assistant");
	json_member_text(&w, "name", saved->name);
	if (saved->detail != NULL)
		json_member_str(&w, "detail", saved->detail);
	json_close(&w, '}');
	puts(buf_str(&out));
	buf_free(&out);
}

void
import_say_saved(struct import_report *said, const struct import_saved *saved)
{
	char shown[4 * SHOWN_MAX + 8];

	said->saved[saved->result]++;
	if (said->terminal)
		fputs("\r\033[K", stderr);
	if (said->json) {
		print_saved_json(saved);
		return;
	}
	log_escape(shown, sizeof(shown), saved->name.data,
		MIN(saved->name.len, (size_t)SHOWN_MAX));
	printf("%s: the %s %s%s%s\n", results[saved->result].sentence,
		saved->is_prompt ? "prompt" : "assistant",
		saved->name.len > 0 ? shown : "(no name)",
		saved->detail != NULL ? ": " : "",
		saved->detail != NULL ? saved->detail : "");
}

/* Most files contain only chats; then prints nothing. */
static void
sum_saved(const struct import_report *said)
{
	size_t done = said->saved[IMPORT_DONE];
	size_t there = said->saved[IMPORT_THERE];
	size_t refused = said->saved[IMPORT_REFUSED];

	if (done + there + refused > 0)
		fprintf(stderr,
			"%zu assistants and prompts imported, %zu there "
			"already, %zu refused.\n",
			done, there, refused);
}

bool
import_sum(const struct import_report *said)
{
	bool whole = true;

	if (said->terminal)
		fputs("\r\033[K", stderr);
	fprintf(stderr,
		"%zu chats imported with %zu messages, %zu there already, %zu "
		"empty, %zu of unknown form, %zu too large; %zu parts were "
		"left out.\n",
		said->n[IMPORT_DONE], said->messages, said->n[IMPORT_THERE],
		said->n[IMPORT_EMPTY], said->n[IMPORT_UNKNOWN],
		said->n[IMPORT_TOO_LARGE], said->left_out);
	sum_saved(said);
	for (int i = 0; i < IMPORT_RESULT_N; i++)
		whole &= !results[i].bad || said->n[i] + said->saved[i] == 0;
	return whole;
}
