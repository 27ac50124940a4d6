/*
 * record_test.c: FastCGI framing, well-formed and not, whole and split at every
 * byte: the events do not depend on the splits.
 */

#include "http/record.h"

#include "../unit.h"

#include <stdio.h>
#include <string.h>

static struct record_reader reader;
static struct buf sent, told;

static int
clear(void **state)
{
	(void)state;
	record_reader_free(&reader);
	reader = (struct record_reader){ 0 };
	buf_free(&sent);
	buf_free(&told);
	return 0;
}

/* ---- sending */

static void
put_raw(int version, int type, int id, const char *content, size_t len,
	size_t padding)
{
	const char header[8] = { (char)version, (char)type, (char)(id >> 8),
		(char)id, (char)(len >> 8), (char)len, (char)padding, 0 };

	buf_append(&sent, header, sizeof(header));
	buf_append(&sent, content, len);
	for (; padding > 0; padding--)
		buf_putc(&sent, 'p');
}

static void
put(int type, int id, const char *content)
{
	put_raw(1, type, id, content, strlen(content), 0);
}

static void
put_begin(int id, int role, int flags)
{
	const char body[8] = { 0, (char)role, (char)flags };

	put_raw(1, RECORD_BEGIN, id, body, sizeof(body), 0);
}

static void
put_request(int id, const char *params, const char *body)
{
	put_begin(id, 1, 1);
	if (params[0] != '\0')
		put(RECORD_PARAMS, id, params);
	put(RECORD_PARAMS, id, "");
	if (body[0] != '\0')
		put(RECORD_STDIN, id, body);
	put(RECORD_STDIN, id, "");
}

/* ---- events as a text */

static void
tell(enum record_event event, struct span piece)
{
	switch (event) {
	case RECORD_HEAD:
		buf_printf(&told, "head %u %s %s[", reader.request_id,
			reader.keep ? "keep" : "close",
			err_code(reader.params_err));
		buf_put_span(&told, buf_span(&reader.params));
		buf_puts(&told, "] ");
		break;
	case RECORD_BODY:
		buf_put_span(&told, piece);
		break;
	case RECORD_WHOLE:
		buf_puts(&told, " whole ");
		record_reset(&reader);
		break;
	case RECORD_ABORTED:
		buf_puts(&told, "aborted ");
		record_reset(&reader);
		break;
	case RECORD_BROKEN:
		buf_puts(&told, "broken");
		break;
	case RECORD_MORE:
		break;
	}
}

static bool
feed(struct span in)
{
	struct span piece = { "", 0 };
	enum record_event event;

	do {
		event = record_read(&reader, &in, &piece);
		tell(event, piece);
	} while (event != RECORD_MORE && event != RECORD_BROKEN);
	assert_true(event == RECORD_BROKEN || in.len == 0);
	return event != RECORD_BROKEN;
}

static void
start_over(void)
{
	record_reader_free(&reader);
	reader = (struct record_reader){ 0 };
	buf_clear(&told);
}

/* The sent bytes mean *expected*, whether split in two or into single bytes. */
static void
assert_means(const char *expected)
{
	struct span all = buf_span(&sent);

	for (size_t cut = 0; cut <= all.len; cut++) {
		start_over();
		if (feed((struct span){ all.data, cut }))
			feed((struct span){ all.data + cut, all.len - cut });
		assert_string_equal(buf_str(&told), expected);
	}
	start_over();
	for (size_t i = 0; i < all.len; i++)
		if (!feed((struct span){ all.data + i, 1 }))
			break;
	assert_string_equal(buf_str(&told), expected);
}

/* ---- requests */

static void
takes_requests_one_after_the_other(void **state)
{
	(void)state;
	put_request(1, "\1\1ab", "body");
	put_request(1, "", "");
	put_request(300, "\1\2abc", "x");
	assert_means("head 1 keep ok[\1\1ab] body whole "
		     "head 1 keep ok[]  whole "
		     "head 300 keep ok[\1\2abc] x whole ");
}

static void
joins_records_and_skips_padding(void **state)
{
	(void)state;
	put_begin(7, 1, 0);
	put_raw(1, RECORD_PARAMS, 7, "\1", 1, 255);
	put_raw(1, RECORD_PARAMS, 7, "\1ab", 3, 7);
	put_raw(1, RECORD_PARAMS, 7, "", 0, 3);
	put_raw(1, RECORD_STDIN, 7, "bo", 2, 1);
	put_raw(1, RECORD_STDIN, 7, "dy", 2, 0);
	put_raw(1, RECORD_STDIN, 7, "", 0, 200);
	assert_means("head 7 close ok[\1\1ab] body whole ");
}

static void
an_abort_ends_a_request_anywhere(void **state)
{
	(void)state;
	put_begin(1, 1, 1);
	put(RECORD_ABORT, 1, "");
	put_begin(1, 1, 1);
	put(RECORD_PARAMS, 1, "\1\1ab");
	put(RECORD_ABORT, 1, "");
	put_begin(1, 1, 1);
	put(RECORD_PARAMS, 1, "");
	put(RECORD_STDIN, 1, "bo");
	put(RECORD_ABORT, 1, "");
	put_request(1, "", "");
	assert_means("aborted aborted head 1 keep ok[] boaborted "
		     "head 1 keep ok[]  whole ");
}

/* ---- more than one request at a time */

static void
assert_reply(const char *expected, size_t len)
{
	assert_int_equal(reader.reply.len, len);
	assert_memory_equal(reader.reply.data, expected, len);
}

static void
a_second_request_is_refused_and_the_first_goes_on(void **state)
{
	(void)state;
	put_begin(1, 1, 1);
	put(RECORD_PARAMS, 1, "\1\1");
	put_begin(2, 1, 1);
	put(RECORD_PARAMS, 2, "\1\1xy");
	put(RECORD_STDIN, 2, "");
	put(RECORD_PARAMS, 1, "ab");
	put(RECORD_ABORT, 2, "");
	put(RECORD_PARAMS, 1, "");
	put(RECORD_STDIN, 1, "");
	assert_means("head 1 keep ok[\1\1ab]  whole ");
	assert_reply("\1\3\0\2\0\10\0\0\0\0\0\0\1\0\0\0", 16);
}

static void
records_of_no_request_are_skipped(void **state)
{
	(void)state;
	put(RECORD_PARAMS, 9, "abc");
	put(RECORD_STDIN, 9, "");
	put(RECORD_ABORT, 9, "");
	put(RECORD_DATA, 9, "abc");
	put_request(1, "", "");
	assert_means("head 1 keep ok[]  whole ");
	assert_int_equal(reader.reply.len, 0);
}

/* ---- management */

static void
tells_each_value_once(void **state)
{
	static const char names[] = "\17\0FCGI_MPXS_CONNS\16\0FCGI_MAX_CONNS"
				    "\1\0x\17\0FCGI_MPXS_CONNS"
				    "\17\0FCGI_MPXS_CONNS"
				    "\17\0FCGI_MPXS_CONNS";
	static const char expected[] = "\1\12\0\0\0\47\0\0\16\5FCGI_MAX_CONNS"
				       "10000\17\1FCGI_MPXS_CONNS0";

	(void)state;
	put_raw(1, RECORD_GET_VALUES, 0, names, sizeof(names) - 1, 3);
	assert_means("");
	assert_reply(expected, sizeof(expected) - 1);
}

static void
unknown_management_is_said_to_be_unknown(void **state)
{
	(void)state;
	put(200, 0, "abc");
	assert_means("");
	assert_reply("\1\13\0\0\0\10\0\0\310\0\0\0\0\0\0\0", 16);
}

/* ---- malformed records */

static void
other_bytes_than_fastcgi_are_broken(void **state)
{
	static const struct {
		int version, type, id;
		size_t len;
	} records[] = {
		{ 0, RECORD_BEGIN, 1, 8 },
		{ 2, RECORD_BEGIN, 1, 8 },
		{ 1, RECORD_BEGIN, 1, 7 },
		{ 1, RECORD_BEGIN, 1, 9 },
		{ 1, RECORD_BEGIN, 1, 0 },
		{ 1, RECORD_END, 1, 8 },
		{ 1, RECORD_STDOUT, 1, 0 },
		{ 1, RECORD_STDERR, 1, 0 },
		{ 1, RECORD_GET_VALUES, 1, 0 },
		{ 1, 0, 1, 0 },
		{ 1, 255, 1, 0 },
		{ 1, RECORD_GET_VALUES, 0, RECORD_VALUES_MAX + 1 },
		{ 1, 77, 0, 65535 },
	};
	static const char zeros[65535];

	(void)state;
	for (size_t i = 0; i < LENGTH(records); i++) {
		buf_clear(&sent);
		put_raw(records[i].version, records[i].type, records[i].id,
			zeros, records[i].len, 0);
		start_over();
		assert_false(feed(buf_span(&sent)));
	}
}

static void
records_out_of_order_are_broken(void **state)
{
	(void)state;
	put_begin(1, 1, 1);
	put(RECORD_STDIN, 1, "x");
	assert_means("broken");

	buf_clear(&sent);
	put_begin(1, 1, 1);
	put_begin(1, 1, 1);
	assert_means("broken");

	buf_clear(&sent);
	put_begin(1, 1, 1);
	put(RECORD_PARAMS, 1, "");
	put(RECORD_PARAMS, 1, "x");
	assert_means("head 1 keep ok[] broken");
}

static void
other_roles_are_refused(void **state)
{
	(void)state;
	put_begin(1, 3, 1);
	assert_means("broken");
	assert_reply("\1\3\0\1\0\10\0\0\0\0\0\0\3\0\0\0", 16);
}

/* ---- parameters */

static void
more_parameters_than_the_limit_are_too_big(void **state)
{
	static char content[60001];

	(void)state;
	memset(content, 'v', sizeof(content) - 1);
	memcpy(content, "\1\200\0\352\132n", 6); /* length 60,000 - 6 bytes */
	put_begin(1, 1, 1);
	for (int i = 0; i < 5; i++)
		put_raw(1, RECORD_PARAMS, 1, content, 60000, 0);
	put(RECORD_PARAMS, 1, "");
	feed(buf_span(&sent));
	assert_int_equal(reader.params_err, ERR_TOO_BIG);
	assert_true(reader.params.len <= RECORD_PARAMS_MAX);
}

#define TEST(name) cmocka_unit_test_teardown(name, clear)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(takes_requests_one_after_the_other),
		TEST(joins_records_and_skips_padding),
		TEST(an_abort_ends_a_request_anywhere),
		TEST(a_second_request_is_refused_and_the_first_goes_on),
		TEST(records_of_no_request_are_skipped),
		TEST(tells_each_value_once),
		TEST(unknown_management_is_said_to_be_unknown),
		TEST(other_bytes_than_fastcgi_are_broken),
		TEST(records_out_of_order_are_broken),
		TEST(other_roles_are_refused),
		TEST(more_parameters_than_the_limit_are_too_big),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
