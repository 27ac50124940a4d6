/* called_test.c: names and ids of calls that a model has made up; the same on
 * every wire. */

#include "../unit.h"
#include "base/buf.h"
#include "llm/wires.h"
#include "wire/tool_calls.h"
#include "wire_cases.h"

#include <string.h>

/* Answers with one call; %n stands for its name, %i for its id. */
static const struct {
	int64_t kind;
	const char *body;
} wires[] = {
	{ CONF_OPENAI,
		"data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
		"\"id\":\"%i\",\"function\":{\"name\":\"%n\",\"arguments\":"
		"\"{}\"}}]}}]}\n\n"
		"data: {\"choices\":[{\"delta\":{},\"finish_reason\":"
		"\"tool_calls\"}]}\n\n" },
	/* Some servers send no index. */
	{ CONF_OPENAI,
		"data: {\"choices\":[{\"delta\":{\"tool_calls\":[{"
		"\"id\":\"%i\",\"function\":{\"name\":\"%n\",\"arguments\":"
		"\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\n" },
	{ CONF_ANTHROPIC,
		"data: {\"type\":\"content_block_start\",\"index\":0,"
		"\"content_block\":{\"type\":\"tool_use\",\"id\":\"%i\","
		"\"name\":\"%n\",\"input\":{}}}\n\n"
		"data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
		"{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}}\n\n"
		"data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
		"data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
		"\"tool_use\"}}\n\n" },
	{ CONF_GEMINI,
		"data: {\"candidates\":[{\"content\":{\"parts\":[{"
		"\"functionCall\":{\"id\":\"%i\",\"name\":\"%n\",\"args\":{}}}]},"
		"\"finishReason\":\"STOP\"}]}\n\n" },
	{ CONF_RESPONSES,
		"data: {\"type\":\"response.output_item.added\","
		"\"output_index\":0,\"item\":{\"type\":\"function_call\","
		"\"id\":\"fc\",\"call_id\":\"%i\",\"name\":\"%n\","
		"\"arguments\":\"\"}}\n\n"
		"data: {\"type\":\"response.function_call_arguments.delta\","
		"\"output_index\":0,\"item_id\":\"fc\",\"delta\":\"{}\"}\n\n"
		"data: {\"type\":\"response.completed\",\"response\":{\"status\":"
		"\"completed\",\"usage\":null}}\n\n" },
	/* The call comes only at the end. */
	{ CONF_RESPONSES,
		"data: {\"type\":\"response.completed\",\"response\":{\"status\":"
		"\"completed\",\"output\":[{\"type\":\"function_call\","
		"\"id\":\"fc\",\"call_id\":\"%i\",\"name\":\"%n\","
		"\"arguments\":\"{}\"}]}}\n\n" },
};

static void
put_many(struct buf *out, const char *letter, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_puts(out, letter);
}

static void
fill(struct buf *out, const char *body, const char *id, const char *name)
{
	for (; *body != '\0'; body++) {
		if (*body != '%') {
			buf_putc(out, *body);
			continue;
		}
		body++;
		buf_puts(out, *body == 'i' ? id : name);
	}
}

/* Whether a line of *words* is this one, apart from opaque state. */
static bool
has_line(const char *words, const char *line)
{
	const char *at = strstr(words, line);

	return at != NULL &&
		(at[strlen(line)] == '\n' ||
			strncmp(at + strlen(line), " !", 2) == 0);
}

/* Expects that the call begins like this and the answer ends well. */
static void
expect(size_t wire, const char *id, const char *name, const char *told)
{
	struct buf body = BUF_INIT, words = BUF_INIT;

	fill(&body, wires[wire].body, id, name);
	wire_play(wire_of(wires[wire].kind), buf_span(&body),
		(struct cutting){ 1 << 20, 0 }, &words);
	if (!has_line(buf_str(&words), told) ||
		strstr(buf_str(&words), "\nok 4 ") == NULL ||
		strstr(buf_str(&words), " {}") == NULL)
		fail_msg("wire %zu:\n%.700s\nnot\n%.700s", wire,
			buf_str(&words), told);
	buf_free(&words);
	buf_free(&body);
}

/* Of an unknown name, as much is kept as an error message needs. */
static void
test_long_names_are_cut(void **state)
{
	struct buf name = BUF_INIT, told = BUF_INIT;

	(void)state;
	put_many(&name, "x", 5000);
	buf_puts(&told, "call 0 #c @");
	put_many(&told, "x", TOOL_NAME_MAX);
	for (size_t i = 0; i < LENGTH(wires); i++)
		expect(i, "c", buf_str(&name), buf_str(&told));
	buf_free(&name);
	buf_free(&told);
}

/* The name is cut between characters: 1 and 3 bytes make 256 after the 85th. */
static void
test_long_name_of_letters(void **state)
{
	struct buf name = BUF_INIT, told = BUF_INIT;

	(void)state;
	put_many(&name, "\xe4\xbd\xa0", 5000);
	buf_puts(&told, "call 0 #c @");
	put_many(&told, "\xe4\xbd\xa0", TOOL_NAME_MAX / 3);
	for (size_t i = 0; i < LENGTH(wires); i++)
		expect(i, "c", buf_str(&name), buf_str(&told));
	buf_free(&name);
	buf_free(&told);
}

/* An id that is too long is replaced, like a missing one. */
static void
test_long_ids_are_replaced(void **state)
{
	struct buf id = BUF_INIT;

	(void)state;
	put_many(&id, "i", TOOL_ID_MAX + 1);
	for (size_t i = 0; i < LENGTH(wires); i++) {
		expect(i, buf_str(&id), "t", "call 0 #made @t");
		expect(i, "a\\u0000b", "t", "call 0 #made @t");
	}
	buf_free(&id);
}

/* An invalid name is called all the same, and the model gets an error. */
static void
test_odd_names_are_called(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(wires); i++) {
		expect(i, "c", "a b/../c", "call 0 #c @a b/../c");
		expect(i, "c", "__proto__", "call 0 #c @__proto__");
		expect(i, "c", "a\\nb\\t", "call 0 #c @a\nb\t");
	}
}

/* A call without a name is never lost: it is a call, or the answer is
 * invalid. */
static void
test_call_without_a_name_is_not_lost(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(wires); i++) {
		struct buf body = BUF_INIT, words = BUF_INIT;

		fill(&body, wires[i].body, "c", "");
		wire_play(wire_of(wires[i].kind), buf_span(&body),
			(struct cutting){ 1 << 20, 0 }, &words);
		if (strstr(buf_str(&words), "@" TOOL_NO_NAME) == NULL &&
			strstr(buf_str(&words), "\nok ") != NULL)
			fail_msg("wire %zu: %s", i, buf_str(&words));
		buf_free(&words);
		buf_free(&body);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_names_are_cut),
		cmocka_unit_test(test_long_name_of_letters),
		cmocka_unit_test(test_long_ids_are_replaced),
		cmocka_unit_test(test_odd_names_are_called),
		cmocka_unit_test(test_call_without_a_name_is_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
