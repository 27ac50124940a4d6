#include "guarded.h"

#include "anthropic/wire.h"
#include "chat/journal.h"
#include "chat/reply.h"
#include "chat/stream_private.h"
#include "gemini/wire.h"
#include "openai/wire.h"
#include "repo/delta.h"
#include "wire/stream.h"

/* MariaDB's header has a list of its own. */
#define list_add mysql_list_add
#include <mysql.h>
#undef list_add
#include <string.h>

#define DELTAS 1000
#define CALLS 3
#define FRAGMENTS 40
#define STREAMS 50
#define REPLY_ID 243000000000002000

#define CHUNK                                                                \
	"data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\"," \
	"\"created\":1700000000,\"model\":\"bench\",\"choices\":[{"          \
	"\"index\":0,\"delta\":"

static struct llm_model model = {
	.settings = { .model = "bench", .reply_max = 8 << 20 }, .holders = 1
};

static struct {
	struct buf text, tools, claude, gemini; /* what a model sends */
	struct buf chunks; /* what became of the text, as in a journal */
	struct reply *reply; /* the one that is written to */
	struct buf *out;
} it;

/* ---- what models send */

static void
make_text(void)
{
	for (int i = 0; i < DELTAS; i++)
		buf_printf(&it.text,
			CHUNK "{\"content\":\"word%d \\\"a\\\" é\"},"
			      "\"finish_reason\":null}]}\n\n",
			i);
	buf_puts(&it.text,
		CHUNK "{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
}

/* The same words from another wire. */
static void
make_claude(void)
{
	buf_puts(&it.claude,
		"event: message_start\ndata: {\"type\":\"message_start\","
		"\"message\":{\"usage\":{\"input_tokens\":9}}}\n\n"
		"event: content_block_start\ndata: {\"type\":"
		"\"content_block_start\",\"index\":0,\"content_block\":{"
		"\"type\":\"text\",\"text\":\"\"}}\n\n");
	for (int i = 0; i < DELTAS; i++)
		buf_printf(&it.claude,
			"event: content_block_delta\ndata: {\"type\":"
			"\"content_block_delta\",\"index\":0,\"delta\":{"
			"\"type\":\"text_delta\",\"text\":\"word%d "
			"\\\"a\\\" é\"}}\n\n",
			i);
	buf_puts(&it.claude,
		"event: content_block_stop\ndata: {\"type\":"
		"\"content_block_stop\",\"index\":0}\n\n"
		"event: message_delta\ndata: {\"type\":\"message_delta\","
		"\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n");
}

static void
make_gemini(void)
{
	for (int i = 0; i < DELTAS; i++)
		buf_printf(&it.gemini,
			"data: {\"candidates\": [{\"content\": {\"parts\": [{"
			"\"text\": \"word%d \\\"a\\\" é\"}],\"role\": "
			"\"model\"},\"index\": 0}],\"usageMetadata\": {"
			"\"promptTokenCount\": 9,\"candidatesTokenCount\": %d,"
			"\"totalTokenCount\": %d,\"promptTokensDetails\": [{"
			"\"modality\": \"TEXT\",\"tokenCount\": 9}]},"
			"\"modelVersion\": \"bench\",\"responseId\": "
			"\"bench-1\"}\r\n\r\n",
			i, i, i + 9);
	buf_puts(&it.gemini,
		"data: {\"candidates\": [{\"finishReason\": \"STOP\"}]}"
		"\r\n\r\n");
}

static void
make_call(int index)
{
	buf_printf(&it.tools,
		CHUNK "{\"tool_calls\":[{\"index\":%d,\"id\":\"call_%d\","
		      "\"type\":\"function\",\"function\":{\"name\":\"look\","
		      "\"arguments\":\"{\\\"words\\\":\\\"\"}}]},"
		      "\"finish_reason\":null}]}\n\n",
		index, index);
	for (int i = 0; i <= FRAGMENTS; i++)
		buf_printf(&it.tools,
			CHUNK "{\"tool_calls\":[{\"index\":%d,\"function\":{"
			      "\"arguments\":\"%s\"}}]},"
			      "\"finish_reason\":null}]}\n\n",
			index, i < FRAGMENTS ? "oil " : "\\\"}");
}

static void
make_tools(void)
{
	for (int i = 0; i < CALLS; i++)
		make_call(i);
	buf_puts(&it.tools,
		CHUNK "{},\"finish_reason\":\"tool_calls\"}]}\n\n"
		      "data: [DONE]\n\n");
}

/* ---- from there to chunks */

static void
on_event(void *arg, const struct llm_event *event)
{
	(void)arg;
	must(reply_event(it.reply, event, it.out) == OK, "reply_event");
}

/* The whole reply, in pieces as a network brings them. */
static void
translate(const struct wire *wire, struct span bytes, struct buf *out)
{
	const size_t piece = 1400;
	struct llm_stream *stream =
		llm_stream_open(wire, on_event, NULL, model.settings.reply_max);
	struct llm_result result;

	it.reply = reply_open(&model.settings);
	it.out = out;
	reply_start(it.reply, REPLY_ID, 0, out);
	for (size_t at = 0; at < bytes.len; at += piece)
		must(llm_stream_feed(stream, bytes.data + at,
			     MIN(piece, bytes.len - at)) == LLM_OK,
			"llm_stream_feed");
	result = llm_stream_end(stream, true);
	must(reply_end(it.reply, &result, out) == REPLY_COMPLETE, "complete");
	reply_free(it.reply);
	llm_stream_free(stream);
}

void
guarded_deltas(void)
{
	struct buf out = BUF_INIT;

	translate(&wire_openai, buf_span(&it.text), &out);
	must(strstr(buf_str(&out), "word999 ") != NULL, "the last word");
	buf_free(&out);
}

void
guarded_claude(void)
{
	struct buf out = BUF_INIT;

	translate(&wire_anthropic, buf_span(&it.claude), &out);
	must(strstr(buf_str(&out), "word999 ") != NULL, "the last word");
	buf_free(&out);
}

void
guarded_gemini(void)
{
	struct buf out = BUF_INIT;

	translate(&wire_gemini, buf_span(&it.gemini), &out);
	must(strstr(buf_str(&out), "word999 ") != NULL, "the last word");
	buf_free(&out);
}

void
guarded_tools(void)
{
	struct buf out = BUF_INIT;

	translate(&wire_openai, buf_span(&it.tools), &out);
	must(strstr(buf_str(&out), "oil oil oil ") != NULL, "an input");
	buf_free(&out);
}

/* ---- from there to what is stored */

void
guarded_parts(void)
{
	struct arena arena = ARENA_INIT;
	struct parts *parts = parts_open();
	struct buf out = BUF_INIT;

	must(parts_fold(parts, &arena, buf_span(&it.chunks)) == OK, "fold");
	parts_write(parts, &out);
	parts_write_metadata(parts, &out);
	must(strstr(buf_str(&out), "word999 ") != NULL, "the last word");
	buf_free(&out);
	parts_free(parts);
	arena_reset(&arena);
}

static void
say(struct stream *stream)
{
	struct llm_event begin = { .type = LLM_BEGIN },
			 text = { .type = LLM_TEXT,
				 .text = span_of("some \"words\"\n") };

	must(reply_event(stream->reply, &begin, &stream->pending) == OK &&
			reply_event(stream->reply, &text, &stream->pending) ==
				OK,
		"reply_event");
	stream_seal(stream);
}

void
guarded_journal(void)
{
	struct stream *streams[STREAMS];
	struct journal_batch batch = { 0 };
	struct bulk bulk = { 0 };
	const struct lease lease = { .node = 7, .epoch = 3 };

	for (int i = 0; i < STREAMS; i++) {
		streams[i] = stream_open(
			&(struct hub_start){ .model = llm_model_hold(&model) },
			STREAM_RUNNING);
		say(streams[i]);
		journal_batch_add(&batch, stream_take(streams[i]));
	}
	delta_begin(&bulk);
	for (struct journal_entry *e = batch.first; e != NULL; e = e->next)
		delta_add(&bulk, lease, REPLY_ID, e->seq, buf_span(&e->body));
	must(batch.n == STREAMS && bulk.sql.len > batch.bytes, "a batch");
	for (int i = 0; i < STREAMS; i++) {
		stream_kept(streams[i]);
		stream_free(streams[i]);
	}
	journal_batch_clear(&batch);
	bulk_free(&bulk);
}

void
prepare_stream(void)
{
	const char *done;

	/* Its escapes want to know a character set. */
	must(mysql_library_init(0, NULL, NULL) == 0, "mysql_library_init");
	make_text();
	make_tools();
	make_claude();
	make_gemini();
	translate(&wire_openai, buf_span(&it.text), &it.chunks);
	done = strstr(buf_str(&it.chunks), CHUNK_DONE);
	must(done != NULL, "[DONE]");
	it.chunks.len = (size_t)(done - it.chunks.data);
}
