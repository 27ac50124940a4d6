#include "listener.h"

#include "measure.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* A piece of text may hold several tokens. */
static void
take_tokens(struct listener *listener, const char *line)
{
	const char *at = line;

	while ((at = strpbrk(at, "@~")) != NULL) {
		char mark = *at++;
		int64_t number;

		if (!isdigit((unsigned char)*at))
			continue;
		number = strtoll(at, NULL, 10);
		if (mark == '~') {
			listener->said = (int)number;
			continue;
		}
		listener->heard++;
		if (listener->first_us == 0)
			listener->first_us = now_us();
		listener->on_token(listener,
			listener->model->begin_us + number * MODEL_STEP_US);
	}
}

static void
take_body(void *arg, struct span piece)
{
	struct listener *listener = arg;
	const char *end = piece.data + piece.len, *newline;

	for (const char *at = piece.data; at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (newline == NULL) {
			buf_append(&listener->line, at, (size_t)(end - at));
			return;
		}
		buf_append(&listener->line, at, (size_t)(newline - at));
		take_tokens(listener, buf_str(&listener->line));
		if (strstr(buf_str(&listener->line), "[DONE]") != NULL)
			listener->done = true;
		buf_clear(&listener->line);
	}
}

static void
on_answer(void *arg, uint32_t events)
{
	struct listener *listener = arg;
	char bytes[16384];
	ssize_t n = 0;

	(void)events;
	while (!listener->in.whole &&
		(n = recv(listener->watch.fd, bytes, sizeof(bytes),
			 MSG_DONTWAIT)) > 0) {
		struct span in = { bytes, (size_t)n };

		if (!http1_feed(&listener->in, &in, take_body, listener))
			break;
	}
	if (listener->in.whole || listener->in.broken || n == 0 ||
		errno != EAGAIN) {
		http1_end(&listener->in);
		listener->on_end(listener);
	}
}

void
listener_ask(struct listener *listener, const struct asked *asked)
{
	static uint64_t number;
	struct buf request = BUF_INIT, body = BUF_INIT;
	int fd = dial(asked->port);

	listener->said = -1;
	listener->asked_us = now_us();
	buf_printf(&body,
		"{\"id\":\"bench-%" PRIu64 "-%" PRId64 "\",\"messages\":[{"
		"\"id\":\"u\",\"role\":\"user\",\"parts\":[{\"type\":\"text\","
		"\"text\":\"bench\"}]}],\"trigger\":\"submit-message\"}",
		number++, listener->asked_us);
	buf_printf(&request,
		"POST /api/ai/chat HTTP/1.1\r\nHost: 127.0.0.1\r\n"
		"Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
		"Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
		asked->token, body.len, buf_str(&body));
	must(send(fd, request.data, request.len, 0) == (ssize_t)request.len,
		"send");
	buf_free(&request);
	buf_free(&body);
	listener->watch = (struct watch){ on_answer, listener, fd, 0 };
	must(loop_watch(listener->loop, &listener->watch, EPOLLIN) == OK,
		"watch");
}

bool
listener_heard_all(const struct listener *listener)
{
	static bool told;
	bool all = listener->in.status == 200 && listener->in.whole &&
		listener->done && listener->heard == listener->said;

	if (!all && !told)
		fprintf(stderr,
			"a reply that failed: status %d, %s, %d tokens of %d\n",
			listener->in.status,
			listener->in.whole ? "whole" : "broken off",
			listener->heard, listener->said);
	told = told || !all;
	return all;
}

void
listener_close(struct listener *listener)
{
	loop_unwatch(listener->loop, &listener->watch);
	close(listener->watch.fd);
	http1_free(&listener->in);
	buf_free(&listener->line);
}
