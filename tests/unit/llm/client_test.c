/*
 * Calls to a model that answers, fails and hangs: a server in a thread plays
 * one scripted answer a connection. Only outcomes are held against words,
 * never durations.
 */

#include "../unit.h"
#include "base/clock.h"
#include "base/mem.h"
#include "llm/client.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_200                                                 \
	"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" \
	"Connection: close\r\n\r\n"
#define DELTA(text) \
	"data: {\"choices\":[{\"delta\":{\"content\":\"" text "\"}}]}\n\n"
#define STOP "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n"
#define DONE "data: [DONE]\n\n"
#define REFUSE(status, headers, body) \
	"HTTP/1.1 " status " x\r\nConnection: close\r\n" headers "\r\n" body

/* TUNNEL: the other end of a CONNECT speaks; SOCKS: of a SOCKS5. */
enum ending { CLOSE, RESET, HANG, DRIBBLE, UNASKED, TUNNEL, SOCKS };

struct answer {
	const char *text; /* UNASKED: sent without reading the request */
	enum ending ending;
};

/* ---- the server */

struct server {
	const struct answer *answers;
	unsigned n_answers;
	unsigned n_asked; /* read after the join only */
	int fd, port;
	int stop_fd; /* readable: go away */
	pthread_t thread;
	char request[4096]; /* the last one */
	char socks[700]; /* name:password host:port */
};

/* Until the body's last byte, which is our "}" at the end. */
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

/* Whether the test wants to end. */
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

/* Until *end*, appended to what has been read of this connection. */
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

/* RFC 1928 and 1929, as far as we use them; notes what it was asked. */
static void
serve_socks(struct server *server, int fd)
{
	static const unsigned char take_name[] = { 5, 2 }, fine[] = { 1, 0 };
	static const unsigned char done[] = { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
	unsigned char head[4], name[256] = { 0 }, word[256] = { 0 }, port[2];

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
	snprintf(server->socks + strlen(server->socks), 100, "%s:%d", name,
		port[0] << 8 | port[1]);
	assert_int_equal(write(fd, done, sizeof(done)), sizeof(done));
}

static void
play(struct server *server, int fd, const struct answer *answer)
{
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
		wait_for(server, -1, 20); /* let what was sent arrive */
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	}
	while (answer->ending == DRIBBLE && !wait_for(server, -1, 5) &&
		recv(fd, &gone, 1, MSG_DONTWAIT) != 0)
		send_all(fd, DELTA("."));
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

static void
server_open(struct server *server, const struct answer *answers, unsigned n)
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

static void
server_close(struct server *server)
{
	uint64_t one = 1;

	assert_int_equal(
		write(server->stop_fd, &one, sizeof(one)), sizeof(one));
	pthread_join(server->thread, NULL);
	close(server->fd);
	close(server->stop_fd);
}

/* ---- one call */

struct run {
	struct loop *loop;
	struct llm_client *client;
	struct llm_model *model;
	struct llm_call *call;
	struct llm_result result;
	struct buf text;
	unsigned n_events, n_ends;
	unsigned
		cancel_at; /* event after which the call is cancelled; 0: none */
	unsigned left; /* calls that have not ended */
};

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

static struct llm_conf
conf_for(int port, char base_url[64])
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

static enum err
open_model(const struct llm_conf *conf, struct llm_model **out)
{
	const struct llm_settings settings = { .model = conf->model };

	return llm_model_open(conf, &settings, out);
}

static void
run_open(struct run *run, const struct llm_conf *conf)
{
	*run = (struct run){ 0 };
	assert_int_equal(loop_open(&run->loop), OK);
	assert_int_equal(open_model(conf, &run->model), OK);
	run->client = llm_client_open(run->loop, conf);
}

static void
run_start(struct run *run)
{
	struct buf body = BUF_INIT;

	buf_puts(&body, "{}");
	run->left++;
	run->call = llm_call_start(
		run->client, run->model, &body, 0, &handlers, run);
	assert_int_equal(body.len, 0);
}

static void
run_close(struct run *run)
{
	/* A call holds it by itself. */
	llm_model_release(run->model);
	llm_client_close(run->client);
	loop_close(run->loop);
	buf_free(&run->text);
}

/* ---- outcomes */

static const struct outcome {
	const char *name;
	struct answer answers[4];
	unsigned n_answers;
	enum llm_fault fault;
	const char *text;
	unsigned n_asked;
	int64_t first_byte_ms, idle_ms, total_ms; /* 0: a minute */
} outcomes[] = {
	{ "an answer", { { HEAD_200 DELTA("Hi") STOP DONE, CLOSE } }, 1, LLM_OK,
		"Hi", 1, 0, 0, 0 },
	{ "no [DONE]", { { HEAD_200 DELTA("Hi") STOP, CLOSE } }, 1, LLM_OK,
		"Hi", 1, 0, 0, 0 },
	{ "a reset after [DONE]", { { HEAD_200 DELTA("Hi") STOP DONE, RESET } },
		1, LLM_OK, "Hi", 1, 0, 0, 0 },
	{ "a hang after [DONE]", { { HEAD_200 DELTA("Hi") STOP DONE, HANG } },
		1, LLM_OK, "Hi", 1, 0, 50, 0 },

	{ "busy, then an answer",
		{ { REFUSE("503", "retry-after-ms: 1\r\n", "x"), CLOSE },
			{ REFUSE("429", "Retry-After: 0\r\n", ""), CLOSE },
			{ HEAD_200 DELTA("Hi") STOP DONE, CLOSE } },
		3, LLM_OK, "Hi", 3, 0, 0, 0 },
	{ "throttled for good",
		{ { REFUSE("429", "Retry-After: 0\r\n", "x"), CLOSE } }, 1,
		LLM_THROTTLED, "", 3, 0, 0, 0 },
	{ "broken for good",
		{ { REFUSE("500", "Retry-After: 0\r\n", "x"), CLOSE } }, 1,
		LLM_FAILED, "", 3, 0, 0, 0 },
	{ "a wrong key", { { REFUSE("401", "", "{}"), CLOSE } }, 1, LLM_KEY, "",
		1, 0, 0, 0 },
	{ "a bad request", { { REFUSE("400", "", "{}"), CLOSE } }, 1,
		LLM_REJECTED, "", 1, 0, 0, 0 },
	{ "a conversation that is too long",
		{ { REFUSE("400", "",
			    "{\"error\":{\"code\":\"context_length_exceeded\""
			    "}}"),
			CLOSE } },
		1, LLM_TOO_LARGE, "", 1, 0, 0, 0 },
	{ "a wrong path", { { REFUSE("404", "", ""), CLOSE } }, 1,
		LLM_NOT_FOUND, "", 1, 0, 0, 0 },
	{ "a redirect",
		{ { REFUSE("307", "Location: http://127.0.0.1:1/\r\n", ""),
			CLOSE } },
		1, LLM_NOT_FOUND, "", 1, 0, 0, 0 },
	{ "an error that never ends", { { REFUSE("404", "", "half"), HANG } },
		1, LLM_NOT_FOUND, "", 1, 0, 50, 0 },

	{ "HTML", { { HEAD_200 "<html>hello</html>", CLOSE } }, 1,
		LLM_NOT_STREAM, "", 1, 0, 0, 0 },
	{ "nothing", { { HEAD_200, CLOSE } }, 1, LLM_NOT_STREAM, "", 1, 0, 0,
		0 },
	{ "an end without a reason", { { HEAD_200 DELTA("ha"), CLOSE } }, 1,
		LLM_CUT, "ha", 1, 0, 0, 0 },
	{ "a reset", { { HEAD_200 DELTA("ha"), RESET } }, 1, LLM_CUT, "ha", 1,
		0, 0, 0 },
	{ "an error inside",
		{ { HEAD_200 DELTA(
			    "ha") "data: {\"error\":{\"message\":\"no\"}}\n\n" DELTA("x")
				STOP,
			CLOSE } },
		1, LLM_ERROR, "ha", 1, 0, 0, 0 },
	{ "garbage inside",
		{ { HEAD_200 DELTA("ha") "data: {]\n\n" STOP, CLOSE } }, 1,
		LLM_OK, "ha", 1, 0, 0, 0 },
	{ "garbage", { { HEAD_200 "data: {]\n\n" DONE, CLOSE } }, 1,
		LLM_MALFORMED, "", 1, 0, 0, 0 },

	{ "silence", { { "", HANG } }, 1, LLM_SILENT, "", 1, 50, 0, 0 },
	{ "silence after the head", { { HEAD_200, HANG } }, 1, LLM_SILENT, "",
		1, 50, 0, 0 },
	{ "a hang in the middle", { { HEAD_200 DELTA("ha"), HANG } }, 1,
		LLM_STALLED, "ha", 1, 0, 50, 0 },
	{ "no end", { { HEAD_200, DRIBBLE } }, 1, LLM_TOO_LONG, NULL, 1, 0, 0,
		100 },
};

static void
run_outcome(const struct outcome *outcome)
{
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	server_open(&server, outcome->answers, outcome->n_answers);
	conf = conf_for(server.port, url);
	if (outcome->first_byte_ms > 0)
		conf.first_byte_timeout_ms = outcome->first_byte_ms;
	if (outcome->idle_ms > 0)
		conf.idle_timeout_ms = outcome->idle_ms;
	if (outcome->total_ms > 0)
		conf.total_timeout_ms = outcome->total_ms;
	run_open(&run, &conf);
	run_start(&run);
	loop_run(run.loop);
	server_close(&server);

	print_message("%s\n", outcome->name);
	assert_string_equal(llm_fault_word(run.result.fault),
		llm_fault_word(outcome->fault));
	assert_int_equal(run.n_ends, 1);
	assert_int_equal(server.n_asked, outcome->n_asked);
	assert_int_equal(llm_client_calls(run.client), 0);
	if (outcome->text != NULL)
		assert_string_equal(buf_str(&run.text), outcome->text);
	run_close(&run);
}

static void
test_outcomes(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(outcomes); i++)
		run_outcome(&outcomes[i]);
}

/* A port where nobody listens. */
static void
test_refused(void **state)
{
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	server_open(&server, NULL, 0);
	conf = conf_for(server.port, url);
	conf.retries = 0;
	server_close(&server);
	run_open(&run, &conf);
	run_start(&run);
	loop_run(run.loop);
	assert_int_equal(run.result.fault, LLM_UNREACHABLE);
	run_close(&run);
}

static void
test_no_model(void **state)
{
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	conf = conf_for(1, url);
	conf.base_url = "";
	run_open(&run, &conf);
	run_start(&run);
	assert_int_equal(run.n_ends, 0);
	loop_run(run.loop);
	assert_int_equal(run.result.fault, LLM_NO_MODEL);
	run_close(&run);
}

/* ---- through a proxy */

/* One call with a server as its proxy, or as the model where that is told. */
static enum llm_fault
ask_through(struct server *server, const char *base_url, const char *proxy,
	const char *except)
{
	struct llm_conf conf;
	char url[64], address[100];
	enum llm_fault fault;
	struct run run;

	conf = conf_for(server->port, url);
	snprintf(address, sizeof(address), *proxy != '\0' ? "%s:%d" : "%s",
		proxy, server->port);
	if (base_url != NULL)
		conf.base_url = base_url;
	conf.proxy = address;
	conf.no_proxy = except;
	conf.retries = 0;
	run_open(&run, &conf);
	run_start(&run);
	loop_run(run.loop);
	fault = run.result.fault;
	run_close(&run);
	return fault;
}

static void
expect_proxied(const struct answer *answer, const char *base_url,
	const char *proxy, const char *except, enum llm_fault fault,
	const char *request, const char *socks)
{
	struct server server;

	server_open(&server, answer, 1);
	assert_string_equal(
		llm_fault_word(ask_through(&server, base_url, proxy, except)),
		llm_fault_word(fault));
	server_close(&server);
	if (strncmp(server.request, request, strlen(request)) != 0)
		fail_msg("%s\n%s", server.request, request);
	assert_string_equal(server.socks, socks);
	if (answer->ending == TUNNEL)
		assert_null(strstr(server.request, "sk-secret"));
	if (strstr(proxy, "me:pw@") != NULL && *socks == '\0')
		assert_non_null(strstr(server.request,
			"Proxy-Authorization: Basic bWU6cHc=\r\n"));
}

static void
test_proxy(void **state)
{
	static const struct answer good = { HEAD_200 DELTA("Hi") STOP DONE,
		CLOSE };
	static const struct answer socks = { HEAD_200 DELTA("Hi") STOP DONE,
		SOCKS };
	static const struct answer tunnel = {
		"HTTP/1.1 200 Connection established\r\n\r\nno TLS", TUNNEL
	};
	static const struct answer closed = {
		"HTTP/1.1 407 x\r\nContent-Length: 0\r\n\r\n", TUNNEL
	};
	static const struct answer refused = { REFUSE("407", "", ""), CLOSE };

	(void)state;
	/* The environment's are never used. */
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("all_proxy", "http://127.0.0.1:1", 1);
	setenv("no_proxy", "*", 1);
	expect_proxied(&good, NULL, "", "", LLM_OK,
		"POST /v1/chat/completions HTTP/1.1\r\n", "");
	expect_proxied(&good, "http://model.invalid/v1",
		"http://me:pw@127.0.0.1", "", LLM_OK,
		"POST http://model.invalid/v1/chat/completions HTTP/1.1\r\n",
		"");
	expect_proxied(&tunnel, "https://model.invalid/v1",
		"http://me:pw@127.0.0.1", "other.invalid", LLM_TLS,
		"CONNECT model.invalid:443 HTTP/1.1\r\n", "");
	expect_proxied(&closed, "https://model.invalid/v1", "http://127.0.0.1",
		"", LLM_UNREACHABLE, "CONNECT model.invalid:443 HTTP/1.1\r\n",
		"");
	expect_proxied(&refused, "http://model.invalid/v1", "http://127.0.0.1",
		"", LLM_UNREACHABLE,
		"POST http://model.invalid/v1/chat/completions HTTP/1.1\r\n",
		"");
	expect_proxied(&socks, "http://model.invalid/v1",
		"socks5h://me:pw@127.0.0.1", "", LLM_OK,
		"POST /v1/chat/completions HTTP/1.1\r\n",
		"me:pw model.invalid:80");
	expect_proxied(&socks, "http://localhost:8080/v1",
		"socks5://me:pw@127.0.0.1", "", LLM_OK,
		"POST /v1/chat/completions HTTP/1.1\r\n",
		"me:pw an address:8080");
	/* Hosts that are reached without it. */
	expect_proxied(&good, NULL, "http://127.0.0.9", "x.invalid 127.0.0.1",
		LLM_OK, "POST /v1/chat/completions HTTP/1.1\r\n", "");
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("no_proxy");
}

static void
test_proxy_address(void **state)
{
	static const char *const wrong[] = { "proxy:3128", "ftp://proxy",
		"http://", "http://proxy/path", "http://proxy?x", "socks4://p",
		"http://a b", "http://proxy\n" };
	struct llm_model *model;
	struct llm_conf conf;
	char url[64];

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		conf = conf_for(1, url);
		conf.proxy = wrong[i];
		assert_int_equal(open_model(&conf, &model), ERR_INVALID);
	}
}

/* Headers without end, before an answer and in place of one. */
static void
test_header_flood(void **state)
{
	struct buf text = BUF_INIT;
	struct answer answer = { NULL, CLOSE };
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	buf_puts(&text, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 2000; i++)
		buf_printf(
			&text, "X-%d: 0123456789012345678901234567890\r\n", i);
	buf_puts(&text, "\r\n" DELTA("Hi") STOP DONE);
	answer.text = buf_str(&text);
	server_open(&server, &answer, 1);
	conf = conf_for(server.port, url);
	run_open(&run, &conf);
	run_start(&run);
	loop_run(run.loop);
	assert_string_equal(llm_fault_word(run.result.fault), "not_stream");
	server_close(&server);
	run_close(&run);
	buf_free(&text);
}

/* A plain HTTP server is no TLS server; that is not tried again. */
static void
test_tls(void **state)
{
	static const struct answer answer = { "HTTP/1.1 400 x\r\n\r\n",
		UNASKED };
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	server_open(&server, &answer, 1);
	conf = conf_for(server.port, url);
	snprintf(url, sizeof(url), "https://127.0.0.1:%d/v1", server.port);
	run_open(&run, &conf);
	run_start(&run);
	loop_run(run.loop);
	assert_int_equal(run.result.fault, LLM_TLS);
	run_close(&run);
	server_close(&server);
	assert_int_equal(server.n_asked, 1);
}

static void
test_request(void **state)
{
	static const struct answer answer = { HEAD_200 STOP DONE, CLOSE };
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	setenv("all_proxy", "http://127.0.0.1:1/", 1);
	server_open(&server, &answer, 1);
	conf = conf_for(server.port, url);
	run_open(&run, &conf);
	run_start(&run);
	loop_run(run.loop);
	run_close(&run);
	server_close(&server);
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	assert_int_equal(run.result.fault, LLM_OK);
	assert_ptr_equal(strstr(server.request,
				 "POST /v1/chat/completions HTTP/1.1\r\n"),
		server.request);
	assert_non_null(strstr(
		server.request, "\r\nAuthorization: Bearer sk-secret\r\n"));
	assert_non_null(strstr(
		server.request, "\r\nContent-Type: application/json\r\n"));
	assert_null(strcasestr(server.request, "\nExpect"));
	assert_non_null(
		strstr(server.request, "\nAccept-Encoding: identity\r\n"));
	assert_non_null(strstr(server.request, "\r\n\r\n{}"));
}

/* ---- cancelling */

static void
test_cancel_from_an_event(void **state)
{
	static const struct answer answer = {
		HEAD_200 DELTA("a") DELTA("b") DELTA("c") STOP DONE, CLOSE
	};
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	server_open(&server, &answer, 1);
	conf = conf_for(server.port, url);
	run_open(&run, &conf);
	run.cancel_at = 2; /* LLM_BEGIN, then "a" */
	run_start(&run);
	loop_run(run.loop);
	assert_int_equal(run.n_events, 2);
	assert_int_equal(run.n_ends, 0);
	assert_int_equal(llm_client_calls(run.client), 0);
	run_close(&run);
	server_close(&server);
}

static void
cancel_it(void *arg)
{
	struct run *run = arg;

	llm_call_cancel(run->call);
	loop_stop(run->loop);
}

/* At once, and while it waits for an answer that does not come. */
static void
test_cancel(void **state)
{
	static const struct answer answer = { "", HANG };

	(void)state;
	for (int delay_ms = 0; delay_ms <= 50; delay_ms += 50) {
		struct server server;
		struct llm_conf conf;
		struct run run;
		struct timer timer = { .fn = cancel_it, .arg = &run };
		char url[64];

		server_open(&server, &answer, 1);
		conf = conf_for(server.port, url);
		run_open(&run, &conf);
		run_start(&run);
		loop_timer_set(run.loop, &timer, clock_mono_ms() + delay_ms);
		loop_run(run.loop);
		assert_int_equal(run.n_ends, 0);
		assert_int_equal(run.n_events, 0);
		run_close(&run);
		server_close(&server);
	}
}

/* Closing with calls in every state leaks nothing (the sanitizers' build). */
static void
test_close_while_running(void **state)
{
	static const struct answer answer = { HEAD_200 DELTA("a"), HANG };
	struct server server;
	struct llm_conf conf;
	struct run run;
	struct timer timer = { .fn = cancel_it, .arg = &run };
	char url[64];

	(void)state;
	server_open(&server, &answer, 1);
	conf = conf_for(server.port, url);
	run_open(&run, &conf);
	for (int i = 0; i < 5; i++)
		run_start(&run);
	loop_timer_set(run.loop, &timer, clock_mono_ms() + 50);
	loop_run(run.loop);
	run_start(&run);
	assert_int_equal(run.n_ends, 0);
	run_close(&run);
	server_close(&server);
}

static void
test_many(void **state)
{
	static const struct answer answer = { HEAD_200 DELTA("a") STOP DONE,
		CLOSE };
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	server_open(&server, &answer, 1);
	conf = conf_for(server.port, url);
	run_open(&run, &conf);
	for (int i = 0; i < 100; i++)
		run_start(&run);
	assert_int_equal(llm_client_calls(run.client), 100);
	loop_run(run.loop);
	assert_int_equal(run.n_ends, 100);
	assert_int_equal(run.text.len, 100);
	run_close(&run);
	server_close(&server);
}

/* ---- models */

/* Two of one client, at the same time; who has asked lets go of them before
 * they have answered. */
static void
test_each_call_has_its_model(void **state)
{
	static const struct answer first = { HEAD_200 DELTA("one") STOP DONE,
		CLOSE };
	static const struct answer second = { HEAD_200 DELTA("two") STOP DONE,
		CLOSE };
	struct server servers[2];
	struct llm_model *models[2];
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	server_open(&servers[0], &first, 1);
	server_open(&servers[1], &second, 1);
	conf = conf_for(servers[0].port, url);
	run_open(&run, &conf);
	models[0] = run.model;
	conf = conf_for(servers[1].port, url);
	assert_int_equal(open_model(&conf, &models[1]), OK);
	for (int i = 0; i < 2; i++) {
		run.model = models[i];
		run_start(&run);
		assert_int_equal(models[i]->holders, 2);
	}
	llm_model_release(models[1]);
	run.model = models[0];
	loop_run(run.loop);
	assert_int_equal(run.n_ends, 2);
	assert_int_equal(run.text.len, 6);
	assert_non_null(strstr(buf_str(&run.text), "one"));
	assert_non_null(strstr(buf_str(&run.text), "two"));
	run_close(&run);
	server_close(&servers[0]);
	server_close(&servers[1]);
}

/* ---- configuration */

static void
expect_refused(const char *base_url, const char *key, const char *ca_file)
{
	struct llm_model *model;
	struct llm_conf conf;
	char url[64];

	conf = conf_for(1, url);
	if (base_url != NULL)
		conf.base_url = base_url;
	if (key != NULL)
		conf.api_key = key;
	if (ca_file != NULL)
		conf.ca_file = ca_file;
	assert_int_equal(open_model(&conf, &model), ERR_INVALID);
}

static void
test_configuration(void **state)
{
	(void)state;
	expect_refused("ftp://x/v1", NULL, NULL);
	expect_refused("file:///etc/passwd", NULL, NULL);
	expect_refused("127.0.0.1:11434/v1", NULL, NULL);
	expect_refused("http://", NULL, NULL);
	expect_refused("http://user:password@x/v1", NULL, NULL);
	expect_refused("http://x/v1?key=1", NULL, NULL);
	expect_refused(NULL, "two\nlines", NULL);
	expect_refused(NULL, NULL, "/nonexistent/ca.pem");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_model),
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_proxy_address),
		cmocka_unit_test(test_header_flood),
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_cancel_from_an_event),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_close_while_running),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_each_call_has_its_model),
		cmocka_unit_test(test_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
