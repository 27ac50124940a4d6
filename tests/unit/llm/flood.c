#include "flood.h"

#include "../unit.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECES 2000u
#define FILL \
	"..................................................................."

const struct flood_form flood_forms[FLOOD_FORMS] = {
	{ CONF_OPENAI, "",
		"data: {\"choices\":[{\"delta\":{\"content\":\"%s\"}}]}\n\n",
		"data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n"
		"data: [DONE]\n\n" },
	{ CONF_ANTHROPIC,
		"event: message_start\n"
		"data: {\"type\":\"message_start\",\"message\":{}}\n\n"
		"event: content_block_start\n"
		"data: {\"type\":\"content_block_start\",\"index\":0,"
		"\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
		"event: content_block_delta\n"
		"data: {\"type\":\"content_block_delta\",\"index\":0,"
		"\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}}\n\n",
		"data: {\"type\":\"message_delta\",\"delta\":"
		"{\"stop_reason\":\"end_turn\"}}\n\n"
		"data: {\"type\":\"message_stop\"}\n\n" },
	{ CONF_GEMINI, "",
		"data: {\"candidates\":[{\"content\":{\"parts\":"
		"[{\"text\":\"%s\"}]}}]}\n\n",
		"data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n" },
	{ CONF_RESPONSES, "",
		"data: {\"type\":\"response.output_text.delta\","
		"\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,"
		"\"delta\":\"%s\"}\n\n",
		"data: {\"type\":\"response.completed\",\"response\":"
		"{\"status\":\"completed\"}}\n\n" },
};

void
flood_text(struct buf *text)
{
	for (unsigned i = 0; i < PIECES; i++)
		buf_printf(text, "%06u " FILL, i);
}

void
flood_body(struct buf *body, const struct flood_form *form)
{
	char piece[100];

	buf_puts(body, form->begin);
	for (unsigned i = 0; i < PIECES; i++) {
		const char *at = strstr(form->piece, "%s");

		snprintf(piece, sizeof(piece), "%06u " FILL, i);
		buf_append(body, form->piece, (size_t)(at - form->piece));
		buf_puts(body, piece);
		buf_puts(body, at + 2);
	}
	buf_puts(body, form->end);
}

/* ---- the server */

void
flood_answer(struct buf *answer, struct span body, enum flood_framing framing)
{
	static const size_t sizes[] = { 1, 777, 3, 5000, 40, 1024 };

	buf_puts(answer,
		"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
	if (framing == FLOOD_LENGTH)
		buf_printf(answer, "Content-Length: %zu\r\n", body.len);
	if (framing != FLOOD_CHUNKED) {
		buf_puts(answer, "Connection: close\r\n\r\n");
		buf_put_span(answer, body);
		return;
	}
	buf_puts(answer, "Transfer-Encoding: chunked\r\n\r\n");
	for (size_t at = 0, n = 0; at < body.len; n++) {
		size_t len = MIN(sizes[n % LENGTH(sizes)], body.len - at);

		buf_printf(answer, "%zx\r\n", len);
		buf_append(answer, body.data + at, len);
		buf_puts(answer, "\r\n");
		at += len;
	}
	buf_puts(answer, "0\r\n\r\n");
}

struct connection {
	const struct flood *server;
	struct span answer;
	int fd;
};

static void *
serve_one(void *arg)
{
	struct connection *connection = arg;
	struct span left = connection->answer;
	int fd = connection->fd;
	char request[4096];
	ssize_t n = recv(fd, request, sizeof(request), 0);

	while (connection->server->reads_all && n > 0 && request[n - 1] != '}')
		n = recv(fd, request, sizeof(request), 0);
	while (n > 0 && left.len > 0) {
		n = send(fd, left.data, left.len, MSG_NOSIGNAL);
		left.data += MAX(n, 0);
		left.len -= (size_t)MAX(n, 0);
	}
	while (n > 0 && connection->server->hangs)
		n = recv(fd, request, sizeof(request), 0);
	close(fd);
	free(connection);
	return NULL;
}

static void *
serve(void *arg)
{
	struct flood *server = arg;
	struct connection *connection;
	pthread_t thread;
	int fd;

	while ((fd = accept(server->fd, NULL, NULL)) >= 0) {
		connection = mem_zalloc(sizeof(*connection));
		*connection = (struct connection){ server,
			server->answers[MIN(
				atomic_fetch_add(&server->n_asked, 1),
				server->n_answers - 1)],
			fd };
		pthread_create(&thread, NULL, serve_one, connection);
		pthread_detach(thread);
	}
	return NULL;
}

void
flood_open(struct flood *server)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(addr);

	server->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(
		bind(server->fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(server->fd, 50), 0);
	assert_int_equal(
		getsockname(server->fd, (struct sockaddr *)&addr, &len), 0);
	server->port = ntohs(addr.sin_port);
	pthread_create(&server->thread, NULL, serve, server);
}

void
flood_close(struct flood *server)
{
	shutdown(server->fd, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->fd);
}
