/*
 * chat_body_fuzz.c: any body of POST /api/ai/chat. Must hold: what is taken
 * can be stored, shown, told again to a client, and answered: its parts are
 * JSON that loads, and writes itself as it was.
 */

#include "fuzz.h"

#include "api/chat_body.h"
#include "message/parts.h"
#include "json/json.h"
#include "json/plain.h"

static void
must_load(struct arena *arena, const struct turn_message *message)
{
	const struct parts_answers answers = { .posted = message->parts };
	struct parts *parts = parts_open();
	struct buf out = BUF_INIT;
	size_t n;

	must(parts_load(parts, arena, message->parts, message->metadata) == OK,
		"parts load");
	parts_write(parts, &out);
	must(json_raw_length(buf_span(&out)) == json_raw_length(message->parts),
		"as many parts");
	buf_clear(&out);
	parts_replay(parts, &out);
	must(parts_answer(parts, arena, &answers, &n) == OK, "answers");
	buf_free(&out);
	parts_free(parts);
}

static void
must_be_whole(struct arena *arena, const struct turn_message *message)
{
	must(json_check_once(message->parts) == OK, "parts are JSON");
	must(json_raw_kind(message->parts) == JSON_ARRAY, "parts are a list");
	if (message->metadata.data != NULL) {
		must(json_check_once(message->metadata) == OK, "metadata");
		must(json_raw_kind(message->metadata) == JSON_OBJECT,
			"metadata is an object");
	}
	(void)plain_text(arena, message->parts, "text", "text", SIZE_MAX);
	(void)turn_title(arena, message->parts);
	if (!message->is_user)
		must_load(arena, message);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char type[] = "CONTENT_TYPE=application/json";
	static char *envp[] = { type, NULL };
	struct arena arena = ARENA_INIT;
	struct request rq = { .arena = &arena, .envp = envp };
	struct turn_post post;

	rq.body = (struct span){ arena_str(&arena, (const char *)data, size),
		size };
	if (chat_body_read(&rq, &post) == OK)
		for (size_t i = 0; i < post.n; i++)
			must_be_whole(&arena, &post.messages[i]);
	else
		must(rq.detail != NULL || rq.code != NULL, "a reason");
	arena_reset(&arena);
	return 0;
}
