#include "testcall.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- the server */

/* Reads to the last byte of the body, which is our "}" at the end. */
static void
read_request(struct server *server, int fd)
{
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len < sizeof(server->request) - 1) {
		n = read(fd, server->request + len,
			sizeof(server->request) - 1 - len);
		len += n > 0 ? (size_t)n : 0;
		server->request[len] = '\0';
		if (strstr(server->request, "\r\n\r\n{}") != NULL)
			return;
	}
}

/* Returns whether the test wants to end. */
static bool
wait_for(const struct server *server, int fd, int timeout_ms)
{
	struct pollfd fds[2] = { { .fd = server->stop_fd, .events = POLLIN },
		{ .fd = fd, .events = POLLIN } };

	poll(fds, fd >= 0 ? 2 : 1, timeout_ms);
	return (fds[0].revents & POLLIN) != 0;
}

static void
send_all(int fd, const char *text)
{
	size_t len = strlen(text);
	ssize_t n;

	for (; len > 0; text += n, len -= (size_t)n)
		if ((n = send(fd, text, len, MSG_NOSIGNAL)) <= 0)
			return;
}

/* Reads up to *end* and appends to what this connection has sent. */
static void
read_until(struct server *server, int fd, const char *end)
{
	size_t len = strlen(server->request);
	ssize_t n = 1;

	while (n > 0 && len < sizeof(server->request) - 1 &&
		strstr(server->request, end) == NULL) {
		n = read(fd, server->request + len, 1);
		len += n > 0 ? (size_t)n : 0;
		server->request[len] = '\0';
	}
}

static void
read_exactly(int fd, unsigned char *out, size_t len)
{
	while (len > 0) {
		ssize_t n = read(fd, out, len);

		assert_true(n > 0);
		out += n;
		len -= (size_t)n;
	}
}

/* Implements the parts of RFC 1928 and 1929 that we use; notes what was
 * requested. */
static void
serve_socks(struct server *server, int fd)
{
	static const unsigned char take_name[] = { 5, 2 }, fine[] = { 1, 0 };
	static const unsigned char done[] = { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
	unsigned char head[4], name[256] = { 0 }, word[256] = { 0 }, port[2];
	size_t len;

	read_exactly(fd, head, 2);
	read_exactly(fd, name, head[1]);
	assert_int_equal(write(fd, take_name, 2), 2);
	read_exactly(fd, head, 2);
	memset(name, 0, sizeof(name));
	read_exactly(fd, name, head[1]);
	read_exactly(fd, head, 1);
	read_exactly(fd, word, head[0]);
	snprintf(server->socks, sizeof(server->socks), "%s:%s ", name, word);
	assert_int_equal(write(fd, fine, 2), 2);
	read_exactly(fd, head, 4);
	memset(name, 0, sizeof(name));
	if (head[3] == 3) {
		read_exactly(fd, head, 1);
		read_exactly(fd, name, head[0]);
	} else {
		read_exactly(fd, name, 4);
		snprintf((char *)name, sizeof(name), "an address");
	}
	read_exactly(fd, port, 2);
	len = strlen(server->socks);
	snprintf(server->socks + len, sizeof(server->socks) - len, "%s:%d",
		name, port[0] << 8 | port[1]);
	assert_int_equal(write(fd, done, sizeof(done)), sizeof(done));
}

static void
play(struct server *server, int fd, const struct answer *answer)
{
	static const char *const endless[] = { [DRIBBLE] = DELTA("."),
		[COMMENTS] = ": PROCESSING\n\n",
		[EMPTIES] = DELTA(""),
		[SOCKS] = NULL };
	struct linger linger = { 1, 0 };
	char gone;

	if (answer->ending == SOCKS)
		serve_socks(server, fd);
	if (answer->ending == TUNNEL) {
		server->request[0] = '\0';
		read_until(server, fd, "\r\n\r\n");
	} else if (answer->ending != UNASKED) {
		read_request(server, fd);
	}
	send_all(fd, answer->text);
	if (answer->ending == RESET) {
		/* lets the bytes that were sent arrive */
		wait_for(server, -1, 20);
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	}
	while (endless[answer->ending] != NULL && !wait_for(server, -1, 5) &&
		recv(fd, &gone, 1, MSG_DONTWAIT) != 0)
		send_all(fd, endless[answer->ending]);
	if (answer->ending == HANG)
		wait_for(server, fd, -1);
	close(fd);
}

static void *
serve(void *arg)
{
	struct server *server = arg;
	int fd;

	for (;;) {
		if (wait_for(server, server->fd, -1))
			return NULL;
		fd = accept(server->fd, NULL, NULL);
		assert_true(fd >= 0);
		play(server, fd,
			&server->answers[MIN(
				server->n_asked, server->n_answers - 1)]);
		server->n_asked++;
	}
}

void
testserver_open(struct server *server, const struct answer *answers, unsigned n)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(addr);

	*server = (struct server){ .answers = answers, .n_answers = n };
	server->stop_fd = eventfd(0, 0);
	server->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(
		bind(server->fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(server->fd, 200), 0);
	assert_int_equal(
		getsockname(server->fd, (struct sockaddr *)&addr, &len), 0);
	server->port = ntohs(addr.sin_port);
	pthread_create(&server->thread, NULL, serve, server);
}

void
testserver_close(struct server *server)
{
	uint64_t one = 1;

	assert_int_equal(
		write(server->stop_fd, &one, sizeof(one)), sizeof(one));
	pthread_join(server->thread, NULL);
	close(server->fd);
	close(server->stop_fd);
}

/* ---- one call */

static void
stop_when_done(struct run *run)
{
	if (--run->left == 0)
		loop_stop(run->loop);
}

static void
on_event(void *arg, const struct llm_event *event)
{
	struct run *run = arg;

	run->n_events++;
	buf_put_span(&run->text, event->text);
	if (run->n_events == run->cancel_at) {
		llm_call_cancel(run->call);
		stop_when_done(run);
	}
}

static void
on_end(void *arg, const struct llm_result *result)
{
	struct run *run = arg;

	run->n_ends++;
	run->result = *result;
	stop_when_done(run);
}

static const struct llm_handlers handlers = { on_event, on_end };

struct llm_conf
testserver_conf(int port, char base_url[64])
{
	snprintf(base_url, 64, "http://127.0.0.1:%d/v1/", port);
	return (struct llm_conf){
		.base_url = base_url,
		.api_key = "sk-secret",
		.api_key_file = "",
		.model = "m",
		.ca_file = "",
		.proxy = "",
		.no_proxy = "",
		.reply_max = 1 << 20,
		.retries = 2,
		.connect_timeout_ms = 5000,
		.first_byte_timeout_ms = 60000,
		.idle_timeout_ms = 60000,
		.total_timeout_ms = 60000,
	};
}

enum err
testrun_model(const struct llm_conf *conf, struct llm_model **out)
{
	const struct llm_settings settings = { .model = conf->model };

	return llm_model_open(conf, &settings, out);
}

void
testrun_open(struct run *run, const struct llm_conf *conf)
{
	*run = (struct run){ 0 };
	assert_int_equal(loop_open(&run->loop), OK);
	assert_int_equal(testrun_model(conf, &run->model), OK);
	run->client = llm_client_open(run->loop, conf);
}

void
testrun_start(struct run *run)
{
	struct buf body = BUF_INIT;

	buf_puts(&body, "{}");
	run->left++;
	run->call = llm_call_start(
		run->client, run->model, &body, 0, &handlers, run);
	assert_int_equal(body.len, 0);
}

void
testrun_close(struct run *run)
{
	/* A call holds its model itself. */
	llm_model_release(run->model);
	llm_client_close(run->client);
	loop_close(run->loop);
	buf_free(&run->text);
}
