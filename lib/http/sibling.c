#include "http/sibling.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/span.h"
#include "http/record.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define LISTEN_FD 0
#define ANSWER_MAX ((size_t)64 << 10)
#define REQUEST_ID 1

/* The socket of the program *name*, in the folder of our own. */
static bool
address_of(const char *name, struct sockaddr_un *out)
{
	socklen_t len = sizeof(*out) - 1;
	char *slash;
	size_t folder, left;

	memset(out, 0, sizeof(*out));
	if (getsockname(LISTEN_FD, (struct sockaddr *)out, &len) != 0 ||
		out->sun_family != AF_UNIX)
		return false;
	slash = strrchr(out->sun_path, '/');
	if (slash == NULL)
		return false;
	folder = (size_t)(slash + 1 - out->sun_path);
	left = sizeof(out->sun_path) - folder;
	return (size_t)snprintf(slash + 1, left, "%s.sock", name) < left;
}

static void
set_timeouts(int fd, int64_t ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
}

/* All of ours are shorter than 128 bytes, so that a byte tells each length. */
static void
put_pair(struct buf *out, const char *name, const char *value)
{
	const char lengths[2] = { (char)strlen(name), (char)strlen(value) };

	buf_append(out, lengths, sizeof(lengths));
	buf_puts(out, name);
	buf_puts(out, value);
}

static void
put_request(struct buf *out, const char *path)
{
	static const char begin[8] = { 0, 1 }; /* responder; close at the end */
	struct buf pairs = BUF_INIT;

	put_pair(&pairs, "REQUEST_METHOD", "GET");
	put_pair(&pairs, "REQUEST_URI", path);
	put_pair(&pairs, "SERVER_PROTOCOL", "HTTP/1.1");
	record_put(out, RECORD_BEGIN, REQUEST_ID,
		(struct span){ begin, sizeof(begin) });
	record_put(out, RECORD_PARAMS, REQUEST_ID, buf_span(&pairs));
	record_put_eof(out, RECORD_PARAMS, REQUEST_ID);
	record_put_eof(out, RECORD_STDIN, REQUEST_ID);
	buf_free(&pairs);
}

/* Whole, or false: at the end, on a timeout, and after *until_ms*. */
static bool
receive(int fd, char *at, size_t len, int64_t until_ms)
{
	ssize_t n;

	for (; len > 0; at += n, len -= (size_t)n) {
		n = recv(fd, at, len, 0);
		if (n <= 0 || clock_mono_ms() > until_ms)
			return false;
	}
	return true;
}

/* The answer's text, of all its records. */
static enum err
read_answer(int fd, int64_t until_ms, struct buf *text)
{
	unsigned char header[RECORD_HEADER];
	struct buf content = BUF_INIT;
	bool ok = true;

	while (ok && text->len < ANSWER_MAX) {
		size_t len, padded;

		ok = receive(fd, (char *)header, sizeof(header), until_ms);
		if (!ok || header[1] == RECORD_END)
			break;
		len = (size_t)header[4] << 8 | header[5];
		padded = len + header[6];
		buf_clear(&content);
		ok = receive(
			fd, buf_reserve(&content, padded), padded, until_ms);
		if (ok && header[1] == RECORD_STDOUT)
			buf_append(text, content.data, len);
	}
	buf_free(&content);
	return ok ? OK : ERR_BUSY;
}

static enum err
exchange(int fd, const char *path, int64_t wait_ms, int *status)
{
	static const char word[] = "Status: ";
	struct buf request = BUF_INIT, answer = BUF_INIT;
	enum err err = ERR_BUSY;

	put_request(&request, path);
	if (send(fd, request.data, request.len, MSG_NOSIGNAL) ==
		(ssize_t)request.len)
		err = read_answer(fd, clock_mono_ms() + wait_ms, &answer);
	if (err == OK && strncmp(buf_str(&answer), word, strlen(word)) == 0)
		*status =
			(int)strtol(buf_str(&answer) + strlen(word), NULL, 10);
	else
		err = ERR_BUSY;
	buf_free(&request);
	buf_free(&answer);
	return err;
}

enum err
sibling_get(const char *name, const char *path, int64_t wait_ms, int *status)
{
	struct sockaddr_un address;
	enum err err = ERR_BUSY;
	int fd;

	if (!address_of(name, &address))
		return ERR_NOT_FOUND;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return ERR_BUSY;
	set_timeouts(fd, wait_ms);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		err = exchange(fd, path, wait_ms, status);
	else if (errno == ENOENT)
		err = ERR_NOT_FOUND;
	close(fd);
	return err;
}
