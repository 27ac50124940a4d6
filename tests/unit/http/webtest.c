/* webtest.c: writes and reads records (FastCGI 1.0, sections 3 and 5). */

#include "webtest.h"

#include "../unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct sockaddr_un webtest_address = { .sun_family = AF_UNIX };
struct webtest webtest = { .method = "POST", .mark = 1 };

void
webtest_put_record(int type, const void *content, size_t len)
{
	const char header[8] = { 1, (char)type, (char)(webtest.mark >> 8),
		(char)webtest.mark, (char)(len >> 8), (char)len, 0, 0 };

	assert_true(len <= 65535);
	buf_append(&webtest.sent, header, sizeof(header));
	buf_append(&webtest.sent, content, len);
}

static void
put_length(struct buf *buf, size_t len)
{
	if (len < 128) {
		buf_putc(buf, (char)len);
	} else {
		buf_putc(buf, (char)(len >> 24 | 0x80));
		buf_putc(buf, (char)(len >> 16));
		buf_putc(buf, (char)(len >> 8));
		buf_putc(buf, (char)len);
	}
}

void
webtest_put_param(struct buf *buf, const char *name, const char *value)
{
	put_length(buf, strlen(name));
	put_length(buf, strlen(value));
	buf_puts(buf, name);
	buf_puts(buf, value);
}

void
webtest_put_params(const char *uri, const char *length, const char *large)
{
	struct buf params = BUF_INIT;

	webtest_put_param(&params, "REQUEST_METHOD", webtest.method);
	webtest_put_param(&params, "REQUEST_URI", uri);
	if (length != NULL)
		webtest_put_param(&params, "CONTENT_LENGTH", length);
	if (large != NULL)
		webtest_put_param(&params, "HTTP_X_LARGE", large);
	if (webtest.remote != NULL)
		webtest_put_param(&params, "REMOTE_ADDR", webtest.remote);
	if (webtest.token != NULL)
		webtest_put_param(&params, "HTTP_AUTHORIZATION", webtest.token);
	webtest_put_record(PARAMS, params.data, params.len);
	webtest_put_record(PARAMS, NULL, 0);
	buf_free(&params);
}

void
webtest_put_begin(void)
{
	const char body[8] = { 0, 1, (char)webtest.flags };

	webtest_put_record(BEGIN, body, sizeof(body));
}

void
webtest_put_body(const char *body, size_t len)
{
	for (size_t n; len > 0; body += n, len -= n) {
		n = MIN(len, (size_t)60000);
		webtest_put_record(STDIN, body, n);
	}
	webtest_put_record(STDIN, NULL, 0);
}

void
webtest_put_request(const char *uri, const char *body)
{
	char length[24];

	snprintf(length, sizeof(length), "%zu", strlen(body));
	webtest_put_begin();
	webtest_put_params(uri, length, NULL);
	webtest_put_body(body, strlen(body));
}

/* Every read from it has a timeout. */
int
webtest_dial(void)
{
	static const struct timeval limit = { 20, 0 };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_int_equal(
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)),
		0);
	assert_int_equal(connect(fd, (struct sockaddr *)&webtest_address,
				 sizeof(webtest_address)),
		0);
	return fd;
}

/* Whether all bytes could be sent. */
bool
webtest_send_from(int fd, size_t from, size_t to)
{
	while (from < to) {
		ssize_t n = send(
			fd, webtest.sent.data + from, to - from, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		from += (size_t)n;
	}
	return true;
}

/* Reads until the server closes. */
void
webtest_receive(int fd)
{
	char *room;
	ssize_t n;

	buf_clear(&webtest.got);
	do {
		room = buf_reserve(&webtest.got, 65536);
		n = recv(fd, room, 65536, 0);
		buf_wrote(&webtest.got, room + (n > 0 ? n : 0));
	} while (n > 0);
	close(fd);
}

/* The text of the STDOUT records in *got*, if they are followed by exactly the
 * end records; otherwise NULL. */
const char *
webtest_answer(struct buf *text)
{
	const unsigned char *at = (const unsigned char *)webtest.got.data;
	const unsigned char *end = at + webtest.got.len;

	buf_clear(text);
	while (end - at >= 8) {
		size_t len = (size_t)(at[4] << 8 | at[5]);

		if (at[0] != 1 || at[2] != 0 || at[3] != 1 ||
			(size_t)(end - at) < 8 + len + at[6])
			return NULL;
		if (at[1] == END)
			return at + 16 == end ? buf_str(text) : NULL;
		if (at[1] != STDOUT)
			return NULL;
		buf_append(text, at + 8, len);
		at += 8 + len + at[6];
	}
	return NULL;
}

/* Reads one record; returns its type, or 0 if the connection is closed. */
int
webtest_receive_record(int fd, struct buf *content)
{
	unsigned char header[8];
	size_t len;
	char *room;

	if (recv(fd, header, 8, MSG_WAITALL) != 8)
		return 0;
	len = (size_t)(header[4] << 8 | header[5]);
	buf_clear(content);
	if (len > 0) {
		room = buf_reserve(content, len);
		assert_int_equal(recv(fd, room, len, MSG_WAITALL), len);
		buf_wrote(content, room + len);
	}
	return header[1];
}

/* Reads exactly one answer; returns its protocol status. */
int
webtest_receive_one(int fd, struct buf *text)
{
	struct buf content = BUF_INIT;
	int type, status = -1;

	buf_clear(text);
	while ((type = webtest_receive_record(fd, &content)) == STDOUT)
		buf_put_span(text, buf_span(&content));
	if (type == END)
		status = content.data[4];
	buf_free(&content);
	return status;
}

void
webtest_assert_one(int fd, const char *expected)
{
	struct buf text = BUF_INIT;

	assert_int_equal(webtest_receive_one(fd, &text), 0);
	assert_string_equal(buf_str(&text), expected);
	buf_free(&text);
}

void
webtest_send_all(int fd)
{
	assert_true(webtest_send_from(fd, 0, webtest.sent.len));
	buf_clear(&webtest.sent);
}

bool
webtest_is_closed(int fd)
{
	char byte;
	ssize_t n = recv(fd, &byte, 1, 0);
	bool closed = n == 0 || (n < 0 && errno == ECONNRESET);

	close(fd);
	return closed;
}

void
webtest_assert_answer(const char *expected)
{
	struct buf text = BUF_INIT;
	const char *answered = webtest_answer(&text);

	assert_non_null(answered);
	assert_string_equal(answered, expected);
	buf_free(&text);
}

void
webtest_exchange(void)
{
	int fd = webtest_dial();

	assert_true(webtest_send_from(fd, 0, webtest.sent.len));
	webtest_receive(fd);
}

void
webtest_ask(const char *expected)
{
	webtest_exchange();
	webtest_assert_answer(expected);
}

void
webtest_assert_alive(void)
{
	buf_clear(&webtest.sent);
	webtest_put_request("/chat/alive", "");
	webtest_ask("POST /alive? ok 0:");
}

int
webtest_dial_kept(void)
{
	webtest.flags = 1;
	buf_clear(&webtest.sent);
	return webtest_dial();
}

int
webtest_clear(void **state)
{
	(void)state;
	buf_free(&webtest.sent);
	buf_free(&webtest.got);
	webtest = (struct webtest){ .method = "POST", .mark = 1 };
	return 0;
}
