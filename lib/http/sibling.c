#include "http/sibling.h"

#include "base/clock.h"
#include "base/span.h"
#include "http/record.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LISTEN_FD 0
#define ANSWER_MAX ((size_t)256 << 10)
#define REQUEST_ID 1
#define PIECE ((size_t)4096)
#define AGAIN_MS 10 /* between two attempts to connect */

/* The folder of our own socket, with a trailing slash. */
static bool
own_folder(struct sockaddr_un *out)
{
	socklen_t len = sizeof(*out) - 1;
	char *slash;

	if (getsockname(LISTEN_FD, (struct sockaddr *)out, &len) != 0 ||
		out->sun_family != AF_UNIX)
		return false;
	slash = strrchr(out->sun_path, '/');
	if (slash != NULL)
		slash[1] = '\0';
	return slash != NULL;
}

/* The socket of the program *name*. */
static bool
address_of(const char *folder, const char *name, struct sockaddr_un *out)
{
	struct sockaddr_un own = { 0 };

	memset(out, 0, sizeof(*out));
	out->sun_family = AF_UNIX;
	if (folder == NULL && !own_folder(&own))
		return false;
	return (size_t)snprintf(out->sun_path, sizeof(out->sun_path),
		       "%s%s%s.sock", folder != NULL ? folder : own.sun_path,
		       folder != NULL ? "/" : "", name) < sizeof(out->sun_path);
}

static void
put_length(struct buf *out, size_t len)
{
	if (len > 127) {
		buf_putc(out, (char)(0x80 | (len >> 24 & 0x7f)));
		buf_putc(out, (char)(len >> 16 & 0xff));
		buf_putc(out, (char)(len >> 8 & 0xff));
	}
	buf_putc(out, (char)(len & 0xff));
}

static void
put_pair(struct buf *out, const char *name, const char *value)
{
	put_length(out, strlen(name));
	put_length(out, strlen(value));
	buf_puts(out, name);
	buf_puts(out, value);
}

static void
put_request(struct buf *out, const struct sibling_ask *ask)
{
	static const char begin[8] = { 0, 1 }; /* responder; close at the end */
	struct buf pairs = BUF_INIT;

	put_pair(&pairs, "REQUEST_METHOD", "GET");
	put_pair(&pairs, "REQUEST_URI", ask->path);
	put_pair(&pairs, "SERVER_PROTOCOL", "HTTP/1.1");
	for (size_t i = 0; i < ask->n_pairs; i++)
		put_pair(&pairs, ask->pairs[i].name, ask->pairs[i].value);
	record_put(out, RECORD_BEGIN, REQUEST_ID,
		(struct span){ begin, sizeof(begin) });
	record_put(out, RECORD_PARAMS, REQUEST_ID, buf_span(&pairs));
	record_put_eof(out, RECORD_PARAMS, REQUEST_ID);
	record_put_eof(out, RECORD_STDIN, REQUEST_ID);
	buf_free(&pairs);
}

/* ---- one exchange, without blocking */

struct exchange {
	struct sibling *sibling;
	struct sockaddr_un address;
	int fd; /* -1: not connected */
	bool over;
	struct buf received; /* records */
};

static void
finish(struct exchange *ex, enum err err)
{
	ex->sibling->err = err;
	ex->over = true;
}

static enum err
connect_err(int number)
{
	if (number == ENOENT)
		return ERR_NOT_FOUND;
	return number == EACCES ? ERR_DENIED : ERR_BUSY;
}

/* EAGAIN means that its queue of connections is full; try again. */
static void
call(struct exchange *ex, struct span request)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 ||
		connect(fd, (struct sockaddr *)&ex->address,
			sizeof(ex->address)) != 0) {
		if (errno != EAGAIN)
			finish(ex, connect_err(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	ex->fd = fd;
	if (send(fd, request.data, request.len, MSG_NOSIGNAL) !=
		(ssize_t)request.len)
		finish(ex, ERR_BUSY);
}

/* Joins the text of all records; returns whether the end has arrived. */
static bool
read_records(struct span records, struct buf *text)
{
	while (records.len >= RECORD_HEADER) {
		const unsigned char *h = (const unsigned char *)records.data;
		size_t len = (size_t)h[4] << 8 | h[5];
		size_t whole = RECORD_HEADER + len + h[6];

		if (h[1] == RECORD_END)
			return true;
		if (records.len < whole)
			return false;
		if (h[1] == RECORD_STDOUT)
			buf_append(text, records.data + RECORD_HEADER, len);
		records.data += whole;
		records.len -= whole;
	}
	return false;
}

static void
take_body(struct buf *body, const char *head)
{
	const char *blank = strstr(head, "\r\n\r\n");

	if (body != NULL && blank != NULL)
		buf_puts(body, blank + 4);
}

/* If the answer is complete, stores its status. */
static void
read_answer(struct exchange *ex)
{
	static const char word[] = "Status: ";
	struct buf text = BUF_INIT;

	if (read_records(buf_span(&ex->received), &text)) {
		const char *head = buf_str(&text);
		bool ours = strncmp(head, word, strlen(word)) == 0;

		if (ours)
			ex->sibling->status =
				(int)strtol(head + strlen(word), NULL, 10);
		if (ours)
			take_body(ex->sibling->body, head);
		finish(ex, ours ? OK : ERR_BUSY);
	}
	buf_free(&text);
}

static void
receive(struct exchange *ex)
{
	char *room = buf_reserve(&ex->received, PIECE);
	ssize_t n = recv(ex->fd, room, PIECE, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || ex->received.len + (size_t)n > ANSWER_MAX) {
		finish(ex, ERR_BUSY);
		return;
	}
	buf_wrote(&ex->received, room + n);
	read_answer(ex);
}

/* ---- all of them */

/* One round: connects those that are not connected, reads those that have
 * answered. Returns false when all have finished. */
static bool
advance(struct exchange *list, size_t n, struct span request, int64_t left_ms)
{
	struct pollfd polled[SIBLINGS_MAX];
	int wait_ms = (int)left_ms;
	bool waits = false;

	for (size_t i = 0; i < n; i++) {
		if (!list[i].over && list[i].fd < 0)
			call(&list[i], request);
		if (!list[i].over && list[i].fd < 0)
			wait_ms = MIN(wait_ms, AGAIN_MS);
		polled[i] = (struct pollfd){ list[i].over ? -1 : list[i].fd,
			POLLIN, 0 };
		waits |= !list[i].over;
	}
	if (!waits)
		return false;
	if (poll(polled, n, wait_ms) > 0)
		for (size_t i = 0; i < n; i++)
			if (polled[i].fd >= 0 && polled[i].revents != 0)
				receive(&list[i]);
	return true;
}

static void
prepare(struct exchange *ex, struct sibling *sibling, const char *folder)
{
	*ex = (struct exchange){ .sibling = sibling, .fd = -1 };
	sibling->status = 0;
	sibling->err = ERR_BUSY;
	if (!address_of(folder, sibling->name, &ex->address))
		finish(ex, ERR_NOT_FOUND);
}

void
sibling_get(struct sibling *siblings, size_t n, const struct sibling_ask *ask)
{
	int64_t until_ms = clock_mono_ms() + ask->wait_ms;
	int64_t left_ms = ask->wait_ms;
	struct exchange list[SIBLINGS_MAX];
	struct buf request = BUF_INIT;

	assert(n <= SIBLINGS_MAX);
	put_request(&request, ask);
	for (size_t i = 0; i < n; i++)
		prepare(&list[i], &siblings[i], ask->folder);
	while (left_ms > 0 && advance(list, n, buf_span(&request), left_ms))
		left_ms = until_ms - clock_mono_ms();
	for (size_t i = 0; i < n; i++) {
		if (list[i].fd >= 0)
			close(list[i].fd);
		buf_free(&list[i].received);
	}
	buf_free(&request);
}
