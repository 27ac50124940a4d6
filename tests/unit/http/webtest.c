/* webtest.c: records are made and read here (FastCGI 1.0, sections 3 and 5). */

#include "webtest.h"

#include "../unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct sockaddr_un web_address = { .sun_family = AF_UNIX };
struct web web = { .method = "POST", .mark = 1 };

void
web_put_record(int type, const void *content, size_t len)
{
	const char header[8] = { 1, (char)type, (char)(web.mark >> 8),
		(char)web.mark, (char)(len >> 8), (char)len, 0, 0 };

	assert_true(len <= 65535);
	buf_append(&web.sent, header, sizeof(header));
	buf_append(&web.sent, content, len);
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
web_put_param(struct buf *buf, const char *name, const char *value)
{
	put_length(buf, strlen(name));
	put_length(buf, strlen(value));
	buf_puts(buf, name);
	buf_puts(buf, value);
}

void
web_put_params(const char *uri, const char *length, const char *large)
{
	struct buf params = BUF_INIT;

	web_put_param(&params, "REQUEST_METHOD", web.method);
	web_put_param(&params, "REQUEST_URI", uri);
	if (length != NULL)
		web_put_param(&params, "CONTENT_LENGTH", length);
	if (large != NULL)
		web_put_param(&params, "HTTP_X_LARGE", large);
	if (web.remote != NULL)
		web_put_param(&params, "REMOTE_ADDR", web.remote);
	if (web.token != NULL)
		web_put_param(&params, "HTTP_AUTHORIZATION", web.token);
	web_put_record(PARAMS, params.data, params.len);
	web_put_record(PARAMS, NULL, 0);
	buf_free(&params);
}

void
web_put_begin(void)
{
	const char body[8] = { 0, 1, (char)web.flags };

	web_put_record(BEGIN, body, sizeof(body));
}

void
web_put_body(const char *body, size_t len)
{
	for (size_t n; len > 0; body += n, len -= n) {
		n = MIN(len, (size_t)60000);
		web_put_record(STDIN, body, n);
	}
	web_put_record(STDIN, NULL, 0);
}

void
web_put_request(const char *uri, const char *body)
{
	char length[24];

	snprintf(length, sizeof(length), "%zu", strlen(body));
	web_put_begin();
	web_put_params(uri, length, NULL);
	web_put_body(body, strlen(body));
}

/* Nothing that is read from it is waited for without an end. */
int
web_dial(void)
{
	static const struct timeval limit = { 20, 0 };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_int_equal(
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)),
		0);
	assert_int_equal(connect(fd, (struct sockaddr *)&web_address,
				 sizeof(web_address)),
		0);
	return fd;
}

/* Whether all could be sent. */
bool
web_send_from(int fd, size_t from, size_t to)
{
	while (from < to) {
		ssize_t n =
			send(fd, web.sent.data + from, to - from, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		from += (size_t)n;
	}
	return true;
}

/* Reads until the server closes. */
void
web_receive(int fd)
{
	ssize_t n;

	buf_clear(&web.got);
	while ((n = recv(fd, buf_reserve(&web.got, 65536), 65536, 0)) > 0)
		web.got.len += (size_t)n;
	close(fd);
}

/* The text of the STDOUT records in *got*, when they are followed by the end
 * and nothing else; NULL otherwise. */
const char *
web_answer(struct buf *text)
{
	const unsigned char *at = (const unsigned char *)web.got.data;
	const unsigned char *end = at + web.got.len;

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

/* Reads one record; its type. 0: the connection is closed. */
int
web_receive_record(int fd, struct buf *content)
{
	unsigned char header[8];
	size_t len;

	if (recv(fd, header, 8, MSG_WAITALL) != 8)
		return 0;
	len = (size_t)(header[4] << 8 | header[5]);
	buf_clear(content);
	if (len > 0) {
		assert_int_equal(
			recv(fd, buf_reserve(content, len), len, MSG_WAITALL),
			len);
		content->len = len;
	}
	return header[1];
}

/* Reads an answer and no more; its protocol status. */
int
web_receive_one(int fd, struct buf *text)
{
	struct buf content = BUF_INIT;
	int type, status = -1;

	buf_clear(text);
	while ((type = web_receive_record(fd, &content)) == STDOUT)
		buf_put_span(text, buf_span(&content));
	if (type == END)
		status = content.data[4];
	buf_free(&content);
	return status;
}

void
web_assert_one(int fd, const char *expected)
{
	struct buf text = BUF_INIT;

	assert_int_equal(web_receive_one(fd, &text), 0);
	assert_string_equal(buf_str(&text), expected);
	buf_free(&text);
}

void
web_send_all(int fd)
{
	assert_true(web_send_from(fd, 0, web.sent.len));
	buf_clear(&web.sent);
}

bool
web_is_closed(int fd)
{
	char byte;
	bool closed = recv(fd, &byte, 1, 0) <= 0;

	close(fd);
	return closed;
}

void
web_assert_answer(const char *expected)
{
	struct buf text = BUF_INIT;
	const char *answered = web_answer(&text);

	assert_non_null(answered);
	assert_string_equal(answered, expected);
	buf_free(&text);
}

void
web_exchange(void)
{
	int fd = web_dial();

	assert_true(web_send_from(fd, 0, web.sent.len));
	web_receive(fd);
}

void
web_ask(const char *expected)
{
	web_exchange();
	web_assert_answer(expected);
}

void
web_assert_alive(void)
{
	buf_clear(&web.sent);
	web_put_request("/chat/alive", "");
	web_ask("POST /alive? ok 0:");
}

int
web_dial_kept(void)
{
	web.flags = 1;
	buf_clear(&web.sent);
	return web_dial();
}

int
web_clear(void **state)
{
	(void)state;
	buf_free(&web.sent);
	buf_free(&web.got);
	web = (struct web){ .method = "POST", .mark = 1 };
	return 0;
}
