/* What the recorded streams (chat/reply_test.c) do not show: which fragments
 * belong to which tool call, and which chunks are none. */

#include "../unit.h"
#include "base/buf.h"
#include "llm/openai.h"
#include "llm/stream.h"
#include "llm/tool_calls.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- events as words: B, "text", ~reasoning~, +0 id name, 0:args, -0 */

struct seen {
	struct buf words;
	unsigned made; /* ids that we made up */
};

static void
put_id(struct seen *seen, struct span id)
{
	bool made = id.len == 16;

	for (size_t i = 0; made && i < id.len; i++)
		made = isalnum((unsigned char)id.data[i]);
	if (made)
		buf_printf(&seen->words, "made%u", ++seen->made);
	else
		buf_put_span(&seen->words, id);
}

static void
on_event(void *arg, const struct llm_event *event)
{
	struct seen *seen = arg;
	struct buf *words = &seen->words;

	switch (event->type) {
	case LLM_BEGIN:
	case LLM_REASONING_END:
	case LLM_TEXT_END:
		break;
	case LLM_SOURCE:
		buf_printf(words, "@%.*s(%.*s) ", (int)event->text.len,
			event->text.data, (int)event->name.len,
			event->name.len > 0 ? event->name.data : "");
		break;
	case LLM_KEPT:
		buf_printf(words, "=%.*s ", (int)event->kept.len - 22,
			event->kept.data + 21); /* the list alone */
		break;
	case LLM_TEXT:
		buf_printf(words, "\"%.*s\" ", (int)event->text.len,
			event->text.data);
		break;
	case LLM_REASONING:
		buf_printf(words, "~%.*s~ ", (int)event->text.len,
			event->text.data);
		break;
	case LLM_TOOL_START:
		buf_printf(words, "+%u ", event->call);
		put_id(seen, event->id);
		buf_printf(words, " %.*s ", (int)event->name.len,
			event->name.data);
		if (event->kept.data != NULL)
			buf_printf(words, "(%.*s) ", (int)event->kept.len,
				event->kept.data);
		break;
	case LLM_TOOL_ARGS:
		buf_printf(words, "%u:%.*s ", event->call, (int)event->text.len,
			event->text.data);
		break;
	case LLM_TOOL_END:
		buf_printf(words, "-%u ", event->call);
		break;
	}
}

/* *chunks* are separated by newlines. */
static struct llm_result
run(const char *chunks, struct seen *seen)
{
	struct llm_stream *stream =
		llm_stream_open(&wire_openai, on_event, seen, 1 << 20);
	struct llm_result result;
	struct buf body = BUF_INIT;

	for (const char *end; *chunks != '\0';
		chunks = *end != '\0' ? end + 1 : end) {
		end = strchrnul(chunks, '\n');
		buf_printf(
			&body, "data: %.*s\n\n", (int)(end - chunks), chunks);
	}
	if (llm_stream_feed(stream, buf_str(&body), body.len) != LLM_OK)
		buf_puts(&seen->words, "! ");
	result = llm_stream_end(stream, true);
	llm_stream_free(stream);
	buf_free(&body);
	return result;
}

#define CALLS(list) "{\"choices\":[{\"delta\":{\"tool_calls\":[" list "]}}]}\n"
#define CALL(head, name, args) \
	"{" head "\"function\":{" name "\"arguments\":\"" args "\"}}"
#define NAME(name) "\"name\":\"" name "\","
#define INDEX(i) "\"index\":" #i ","
#define ID(id) "\"id\":\"" id "\","
#define FINISH "{\"choices\":[{\"finish_reason\":\"tool_calls\"}]}"

static void
expect(const char *chunks, enum llm_fault fault, const char *words)
{
	struct seen seen = { 0 };
	struct llm_result result = run(chunks, &seen);

	if (strcmp(buf_str(&seen.words), words) != 0)
		fail_msg("%s\nactual   %s\nexpected %s", chunks,
			buf_str(&seen.words), words);
	assert_string_equal(
		llm_fault_word(result.fault), llm_fault_word(fault));
	buf_free(&seen.words);
}

static void
test_fragments(void **state)
{
	(void)state;
	/* No index: by id, then the only one there is. */
	expect(CALLS(CALL(ID("a"), NAME("f"), "{")) CALLS(CALL("", "", "}"))
			FINISH,
		LLM_OK, "+0 a f 0:{ 0:} -0 ");
	expect(CALLS(CALL(ID("a"), NAME("f"), ""))
			CALLS(CALL(ID("b"), NAME("g"), ""))
				CALLS(CALL(ID("a"), "", "1"))
					CALLS(CALL(ID("b"), "", "2")) FINISH,
		LLM_OK, "+0 a f +1 b g 0:1 1:2 -0 -1 ");
	/* Several could be meant: it is dropped. */
	expect(CALLS(CALL(ID("a"), NAME("f"), ""))
			CALLS(CALL(ID("b"), NAME("g"), ""))
				CALLS(CALL("", "", "x")) FINISH,
		LLM_OK, "+0 a f +1 b g -0 -1 ");
	/* Two calls under one index: a new id with a new beginning. */
	expect(CALLS(CALL(INDEX(0) ID("a"), NAME("f"), "{}"))
			CALLS(CALL(INDEX(0) ID("b"), NAME("f"), "{}")) FINISH,
		LLM_OK, "+0 a f 0:{} +1 b f 1:{} -0 -1 ");
	/* The same id used again: a made one. */
	expect(CALLS(CALL(INDEX(0) ID("a"), NAME("f"), "{}"))
			CALLS(CALL(INDEX(1) ID("a"), NAME("g"), "{}")) FINISH,
		LLM_OK, "+0 a f 0:{} +1 made1 g 1:{} -0 -1 ");
	/* A new id in every fragment is the same call all the same. */
	expect(CALLS(CALL(INDEX(0) ID("a"), NAME("f"), "{"))
			CALLS(CALL(INDEX(0) ID("b"), "", "1"))
				CALLS(CALL(INDEX(0) ID("c"), "", "}")) FINISH,
		LLM_OK, "+0 a f 0:{ 0:1 0:} -0 ");
	/* No ids: made ones; the order is that of the indexes. */
	expect(CALLS(CALL(INDEX(1), NAME("g"), ""))
			CALLS(CALL(INDEX(0), NAME("f"), "")) FINISH,
		LLM_OK, "+0 made1 g +1 made2 f -1 -0 ");
	/* One without an index: the order in which they came. */
	expect(CALLS(CALL(INDEX(1) ID("a"), NAME("g"), ""))
			CALLS(CALL(ID("b"), NAME("f"), "")) FINISH,
		LLM_OK, "+0 a g +1 b f -0 -1 ");
	/* An empty fragment later is passed on, as the record's server does. */
	expect(CALLS(CALL(INDEX(0) ID("a"), NAME("f"), ""))
			CALLS(CALL(INDEX(0), "", "")) FINISH,
		LLM_OK, "+0 a f 0: -0 ");
}

static void
test_names(void **state)
{
	(void)state;
	/* The name comes late. */
	expect(CALLS(CALL(INDEX(0) ID("a"), "", "{\\\"a\\\""))
			CALLS(CALL(INDEX(0), NAME("f"), ":1}")) FINISH,
		LLM_OK, "+0 a f 0:{\"a\":1} -0 ");
	/* In pieces, growing, again and again. */
	expect(CALLS(CALL(INDEX(0) ID("a"), NAME("f"), ""))
			CALLS(CALL(INDEX(0), NAME("g"), ""))
				CALLS(CALL(INDEX(0), "", "{}")) FINISH,
		LLM_OK, "+0 a fg 0:{} -0 ");
	expect(CALLS(CALL(INDEX(0) ID("a"), NAME("f"), ""))
			CALLS(CALL(INDEX(0), NAME("fg"), ""))
				CALLS(CALL(INDEX(0), NAME("fg"), "{}")) FINISH,
		LLM_OK, "+0 a fg 0:{} -0 ");
	/* Or never. */
	expect(CALLS(CALL(INDEX(0) ID("a"), "", "{}")) FINISH, LLM_MALFORMED,
		"");
	expect(CALLS(CALL(ID("a"), "", "{}")) FINISH, LLM_MALFORMED, "! ");
	/* A blank name starts nothing. */
	expect(CALLS(CALL(INDEX(0) ID("a"), NAME(" "), "{}")) FINISH, LLM_OK,
		"");
}

static void
test_thought_signature(void **state)
{
	(void)state;
	expect("{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":"
	       "\"a\",\"extra_content\":{\"google\":{\"thought_signature\":"
	       "\"sig\"}},\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]"
	       "}}]}\n" FINISH,
		LLM_OK, "+0 a f ({\"thoughtSignature\":\"sig\"}) 0:{} -0 ");
}

/* Up to the cap, and not one more. */
static void
test_too_many_calls(void **state)
{
	struct buf chunks = BUF_INIT;
	struct seen seen = { 0 };
	struct llm_result result;

	(void)state;
	for (int i = 0; i < 300; i++)
		buf_printf(&chunks,
			"{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":%d"
			",\"function\":{\"name\":\"f\"}}]}}]}\n",
			i);
	result = run(buf_str(&chunks), &seen);
	assert_int_equal(result.fault, LLM_TOO_BIG);
	assert_int_equal(seen.made, 256);
	buf_free(&chunks);
	buf_free(&seen.words);
}

/* ---- chunks that are none: they are skipped (chat/field_test.c has more) */

#define GOOD "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n"
#define STOP "{\"choices\":[{\"finish_reason\":\"stop\"}]}"
#define DELTA(member) "{\"choices\":[{\"delta\":{" member "}}]}"

static void
test_skipped(void **state)
{
	static const char *const none[] = {
		"",
		"x",
		"1",
		"null",
		"[]",
		"{}",
		"{\"choices\":null}",
		"{\"choices\":{}}",
		"{\"choices\":[1]}",
		"{\"choices\":[],\"id\":1}",
		"{\"choices\":[],\"model\":1}",
		"{\"choices\":[],\"created\":\"1\"}",
		"{\"choices\":[],\"usage\":1}",
		"{\"choices\":[],\"usage\":{\"prompt_tokens\":\"9\"}}",
		"{\"choices\":[],\"usage\":{\"prompt_tokens_details\":1}}",
		"{\"choices\":[],\"usage\":{\"completion_tokens_details\":"
		"{\"reasoning_tokens\":\"1\"}}}",
		"{\"choices\":[{\"finish_reason\":1}]}",
		"{\"choices\":[{\"delta\":1}]}",
		"{\"choices\":[{\"delta\":{}},{\"delta\":1}]}",
		DELTA("\"role\":\"user\""),
		DELTA("\"role\":1"),
		DELTA("\"content\":{}"),
		DELTA("\"reasoning_content\":1"),
		DELTA("\"reasoning\":[]"),
		DELTA("\"tool_calls\":{}"),
		DELTA("\"tool_calls\":[{}]"),
		DELTA("\"tool_calls\":[{\"function\":null}]"),
		DELTA("\"tool_calls\":[{\"function\":{\"name\":1}}]"),
		DELTA("\"tool_calls\":[{\"function\":{},\"id\":1}]"),
		DELTA("\"tool_calls\":[{\"function\":{},\"index\":\"0\"}]"),
	};
	char chunks[400];

	(void)state;
	for (size_t i = 0; i < LENGTH(none); i++) {
		snprintf(
			chunks, sizeof(chunks), GOOD "%s\n" GOOD STOP, none[i]);
		expect(chunks, LLM_OK, "\"a\" \"a\" ");
		snprintf(chunks, sizeof(chunks), "%s\n", none[i]);
		expect(chunks,
			strstr(none[i], "[{") != NULL ? LLM_CUT : LLM_MALFORMED,
			"");
	}
}

static void
test_tolerated(void **state)
{
	static const char *const good[] = {
		"{\"choices\":[]}",
		"{\"choices\":[{}]}",
		"{\"choices\":[{\"delta\":null,\"finish_reason\":null}]}",
		"{\"choices\":[],\"id\":null,\"model\":null,\"created\":null,"
		"\"usage\":null}",
		"{\"choices\":[],\"error\":null}",
		"{\"choices\":[],\"x\":1,\"x\":2}",
		DELTA("\"role\":\"\",\"content\":null,\"tool_calls\":null"),
		DELTA("\"content\":\"\",\"reasoning\":null,\"refusal\":null"),
		DELTA("\"content\":[{\"type\":\"reference\"},{\"type\":\"text\""
		      "}]"),
	};
	char chunks[400];

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		snprintf(chunks, sizeof(chunks), "%s\n" GOOD STOP, good[i]);
		expect(chunks, LLM_OK, "\"a\" ");
	}
}

static void
test_errors(void **state)
{
	(void)state;
	expect(GOOD "{\"error\":{\"message\":\"x\"}}\n" STOP, LLM_ERROR,
		"\"a\" ! ");
	expect(GOOD "{\"error\":\"boom\"}\n" STOP, LLM_ERROR, "\"a\" ! ");
	expect("{\"error\":{\"message\":\"x\"},\"choices\":[{\"delta\":{"
	       "\"content\":\"b\"}}]}\n" STOP,
		LLM_ERROR, "! ");
}

static void
test_reasoning(void **state)
{
	(void)state;
	expect(DELTA("\"reasoning\":\"r\",\"content\":\"c\"") "\n" STOP, LLM_OK,
		"~r~ \"c\" ");
	expect(DELTA("\"reasoning_content\":\"a\",\"reasoning\":\"b\"") "\n" STOP,
		LLM_OK, "~a~ ");
	expect(DELTA("\"reasoning_content\":null,\"reasoning\":\"b\"") "\n" STOP,
		LLM_OK, "~b~ ");
	expect(DELTA("\"reasoning_content\":\"\",\"reasoning\":\"b\"") "\n" STOP,
		LLM_OK, "~b~ ");
}

#define DETAIL(members) \
	"{\"choices\":[{\"delta\":{\"reasoning_details\":[{" members "}]}}]}\n"
#define KIND(kind) "\"type\":\"reasoning." kind "\","

/* Fragments are joined, what is opaque stays as it came, and in its place. */
static void
test_reasoning_details(void **state)
{
	(void)state;
	expect(DETAIL(KIND("text") "\"text\":\"Hm\",\"index\":0,\"format\":"
				   "\"anthropic-claude-v1\"")
			DETAIL(KIND("text") "\"text\":\".\",\"index\":0")
				DETAIL(KIND("text") "\"signature\":\"s==\","
						    "\"index\":0") GOOD STOP,
		LLM_OK,
		"~Hm~ ~.~ \"a\" =[{\"type\":\"reasoning.text\",\"text\":"
		"\"Hm.\",\"index\":0,\"format\":\"anthropic-claude-v1\","
		"\"signature\":\"s==\"}] ");
	/* The reasoning beside them is the same words. */
	expect("{\"choices\":[{\"delta\":{\"reasoning\":\"Hm\","
	       "\"reasoning_details\":[{\"type\":\"reasoning.summary\","
	       "\"summary\":\"Hm\"}]}}]}\n" GOOD STOP,
		LLM_OK,
		"~Hm~ \"a\" =[{\"type\":\"reasoning.summary\",\"summary\":"
		"\"Hm\"}] ");
	/* Encrypted ones are never joined; another index or kind is another. */
	expect(DETAIL(KIND("encrypted") "\"data\":\"A\",\"id\":\"x\","
					"\"index\":0")
			DETAIL(KIND("encrypted") "\"data\":\"B\",\"id\":\"x\","
						 "\"index\":0")
				DETAIL(KIND("summary") "\"summary\":\"1\","
						       "\"index\":1")
					DETAIL(KIND("summary") "\"summary\":"
							       "\"2\","
							       "\"index\":2")
						GOOD STOP,
		LLM_OK,
		"~1~ ~2~ \"a\" =[{\"type\":\"reasoning.encrypted\",\"data\":"
		"\"A\",\"id\":\"x\",\"index\":0},{\"type\":"
		"\"reasoning.encrypted\",\"data\":\"B\",\"id\":\"x\","
		"\"index\":0},{\"type\":\"reasoning.summary\",\"summary\":"
		"\"1\",\"index\":1},{\"type\":\"reasoning.summary\","
		"\"summary\":\"2\",\"index\":2}] ");
	/* Unknown members and odd values come back as they are. */
	expect(DETAIL("\"type\":\"reasoning.new\",\"x\":{\"y\":[1,null]},"
		      "\"index\":null") GOOD STOP,
		LLM_OK,
		"\"a\" =[{\"type\":\"reasoning.new\",\"x\":{\"y\":[1,null]},"
		"\"index\":null}] ");
	/* What is no list, or holds no objects. */
	expect("{\"choices\":[{\"delta\":{\"reasoning_details\":{}}}]}\n"
	       "{\"choices\":[{\"delta\":{\"reasoning_details\":[1,null]}}]}"
	       "\n" GOOD STOP,
		LLM_OK, "\"a\" ");
}

/* A model that sends *fragment* again and again is stopped by its cap. */
static void
flood(const char *fragment)
{
	struct seen seen = { 0 };
	struct llm_stream *stream =
		llm_stream_open(&wire_openai, on_event, &seen, 1 << 20);
	struct buf event = BUF_INIT;
	size_t sent = 0;

	buf_printf(&event, "data: %s\n\n", fragment);
	while (llm_stream_feed(stream, event.data, event.len) == LLM_OK) {
		sent += event.len;
		buf_clear(&seen.words);
		if (sent > 8u << 20)
			fail_msg("%.60s", fragment);
	}
	assert_int_equal(llm_stream_end(stream, true).fault, LLM_TOO_BIG);
	llm_stream_free(stream);
	buf_free(&event);
	buf_free(&seen.words);
}

/* *n* letters between *before* and *after*. */
static void
flood_with(const char *before, size_t n, const char *after)
{
	struct buf fragment = BUF_INIT;

	buf_puts(&fragment, before);
	for (size_t i = 0; i < n; i++)
		buf_putc(&fragment, 'A');
	buf_puts(&fragment, after);
	flood(buf_str(&fragment));
	buf_free(&fragment);
}

#define TOOL(members) "{\"choices\":[{\"delta\":{\"tool_calls\":[" members

/* What is held for a stream is counted, each kind of it. */
static void
test_nothing_is_held_uncounted(void **state)
{
	(void)state;
	/* arguments whose name never comes */
	flood_with(TOOL("{\"index\":0,\"id\":\"x\",\"function\":{"
			"\"arguments\":\""),
		100000, "\"}}]}}]}");
	/* ids, names and signatures, long and many */
	flood_with(TOOL("{\"index\":0,\"id\":\""), TOOL_ID_MAX + 1, "\"}]}}]}");
	flood_with(TOOL("{\"index\":0,\"id\":\""), 10000, "\"}]}}]}");
	flood_with(TOOL("{\"index\":0,\"function\":{\"name\":\""),
		TOOL_NAME_MAX + 1, "\"}}]}}]}");
	flood_with(TOOL("{\"index\":0,\"function\":{\"name\":\""), 100,
		"\"}}]}}]}");
	flood_with(TOOL("{\"function\":{\"name\":\"t\"},\"extra_content\":{"
			"\"google\":{\"thought_signature\":\""),
		TOOL_KEPT_MAX + 1, "\"}}}]}}]}");
	flood_with(TOOL("{\"function\":{\"name\":\"t\"},\"extra_content\":{"
			"\"google\":{\"thought_signature\":\""),
		200000, "\"}}}]}}]}");
	/* details, by their text, their number and their members */
	flood_with("{\"choices\":[{\"delta\":{\"reasoning_details\":[{"
		   "\"data\":\"",
		100000, "\"}]}}]}");
	flood("{\"choices\":[{\"delta\":{\"reasoning_details\":[{\"data\":"
	      "1},{\"data\":1},{\"data\":1},{\"data\":1}]}}]}");
}

static void
test_usage(void **state)
{
	struct seen seen = { 0 };
	struct llm_result result =
		run("{\"choices\":[],\"usage\":{\"prompt_tokens\":1e300,"
		    "\"completion_tokens\":-4}}\n"
		    "{\"choices\":[],\"usage\":{\"prompt_tokens\":12.0,"
		    "\"completion_tokens\":3,\"prompt_tokens_details\":{"
		    "\"cached_tokens\":5}}}\n"
		    "{\"choices\":[],\"usage\":null}\n" STOP,
			&seen);

	(void)state;
	assert_int_equal(result.usage.input, 12);
	assert_int_equal(result.usage.output, 3);
	assert_int_equal(result.usage.total, 15);
	assert_int_equal(result.usage.cached_input, 5);
	assert_int_equal(result.usage.reasoning, -1);
	assert_int_equal(result.finish, LLM_FINISH_STOP);
	buf_free(&seen.words);
}

static void
test_ends(void **state)
{
	(void)state;
	expect(STOP, LLM_OK, "");
	expect(GOOD, LLM_CUT, "\"a\" ");
	expect("[DONE]", LLM_NOT_STREAM, "");
	expect(GOOD "[DONE]", LLM_OK, "\"a\" ");
	expect(GOOD "[DONE]\n" GOOD STOP, LLM_OK, "\"a\" \"a\" ");
	expect(GOOD "[DONE] \n" STOP, LLM_OK, "\"a\" ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_thought_signature),
		cmocka_unit_test(test_too_many_calls),
		cmocka_unit_test(test_skipped),
		cmocka_unit_test(test_tolerated),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_reasoning),
		cmocka_unit_test(test_reasoning_details),
		cmocka_unit_test(test_nothing_is_held_uncounted),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
