/*
 * web_page_test.c: pages from a server in a thread that counts connections: a
 * refused address gets none. tests/api/tools-own.test.mjs tests spellings,
 * redirects and contents over HTTP.
 */

#include "llm/web_page.h"

#include "../unit.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define OK_HEAD                                           \
	"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" \
	"Connection: close\r\n\r\n"
#define SOON_MS 20000 /* ends a test that would hang */

struct server {
	const char *answer; /* NULL: accepts the connection and sends nothing */
	int fd, port, stop_fd;
	int n_came; /* read only after the join */
	char request[2048];
	pthread_t thread;
};

static bool
wait_for(const struct server *server, int fd)
{
	struct pollfd fds[2] = { { .fd = server->stop_fd, .events = POLLIN },
		{ .fd = fd, .events = POLLIN } };

	poll(fds, 2, -1);
	return (fds[0].revents & POLLIN) != 0;
}

static void *
serve(void *arg)
{
	struct server *server = arg;

	while (!wait_for(server, server->fd)) {
		int fd = accept(server->fd, NULL, NULL);
		ssize_t n =
			read(fd, server->request, sizeof(server->request) - 1);

		server->request[MAX(n, 0)] = '\0';
		server->n_came++;
		if (server->answer != NULL)
			send(fd, server->answer, strlen(server->answer),
				MSG_NOSIGNAL);
		else
			wait_for(server, fd);
		close(fd);
	}
	return NULL;
}

static void
server_open(struct server *server, const char *answer)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(addr);

	*server = (struct server){ .answer = answer };
	server->stop_fd = eventfd(0, 0);
	server->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(
		bind(server->fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(server->fd, 16), 0);
	assert_int_equal(
		getsockname(server->fd, (struct sockaddr *)&addr, &len), 0);
	server->port = ntohs(addr.sin_port);
	pthread_create(&server->thread, NULL, serve, server);
}

static int
server_close(struct server *server)
{
	eventfd_write(server->stop_fd, 1);
	pthread_join(server->thread, NULL);
	close(server->fd);
	close(server->stop_fd);
	return server->n_came;
}

static atomic_bool cancelled;

static struct web_patience
patience_of(int64_t ms)
{
	return (struct web_patience){ clock_mono_ms() + ms, &cancelled };
}

static struct web_request
request_to(struct arena *arena, const struct server *server)
{
	return (struct web_request){
		.url = arena_printf(
			arena, "http://127.0.0.1:%d/x", server->port),
		.body_max = 100,
		.patience = patience_of(SOON_MS),
	};
}

static void
test_only_public_addresses_are_fetched(void **state)
{
	struct arena arena = ARENA_INIT;
	struct web_answer answer;
	struct web_request request;
	struct server server;
	const char *listed;

	(void)state;
	server_open(&server, OK_HEAD "hello");
	listed = arena_printf(&arena, "a:1 127.0.0.1:%d b:2", server.port);
	request = request_to(&arena, &server);
	request.guarded = true;
	request.allow = "";
	assert_int_equal(web_exchange(&arena, &request, &answer), WEB_REFUSED);
	request.allow = arena_printf(
		&arena, "127.0.0.1:%d0 127.0.0.1:1 x", server.port);
	assert_int_equal(web_exchange(&arena, &request, &answer), WEB_REFUSED);
	/* Another spelling of a listed address is not listed. */
	request.allow = listed;
	request.url = arena_printf(&arena, "http://localhost:%d/", server.port);
	assert_int_equal(web_exchange(&arena, &request, &answer), WEB_REFUSED);
	/* A name, with a port that is allowed: its address decides. */
	request.url = "http://localhost/";
	assert_int_equal(web_exchange(&arena, &request, &answer), WEB_REFUSED);

	request = request_to(&arena, &server);
	request.guarded = true;
	request.allow = listed;
	assert_int_equal(web_exchange(&arena, &request, &answer), WEB_OK);
	assert_string_equal(buf_str(&answer.body), "hello");
	buf_free(&answer.body);
	assert_int_equal(server_close(&server), 1);
	arena_reset(&arena);
}

/* The environment's proxy would see everything. */
static void
test_proxy_of_the_environment_is_ignored(void **state)
{
	struct arena arena = ARENA_INIT;
	struct web_answer answer;
	struct web_request request;
	struct server server, proxy;

	(void)state;
	server_open(&server, OK_HEAD "hello");
	server_open(&proxy, OK_HEAD "proxy");
	setenv("http_proxy",
		arena_printf(&arena, "http://127.0.0.1:%d", proxy.port), 1);
	setenv("ALL_PROXY", getenv("http_proxy"), 1);
	request = request_to(&arena, &server);
	assert_int_equal(web_exchange(&arena, &request, &answer), WEB_OK);
	assert_string_equal(buf_str(&answer.body), "hello");
	buf_free(&answer.body);
	assert_int_equal(server_close(&proxy), 0);
	assert_int_equal(server_close(&server), 1);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
	arena_reset(&arena);
}

static void
test_post_follows_no_redirect(void **state)
{
	struct arena arena = ARENA_INIT;
	struct web_answer answer;
	struct web_request request;
	struct server server;

	(void)state;
	server_open(&server,
		"HTTP/1.1 307 x\r\nLocation: http://127.0.0.1:1/y\r\n"
		"Content-Length: 0\r\n\r\n");
	request = request_to(&arena, &server);
	request.json = span_of("{\"a\":1}");
	assert_int_equal(web_exchange(&arena, &request, &answer), WEB_OK);
	assert_int_equal(answer.status, 307);
	assert_string_equal(answer.redirect, "http://127.0.0.1:1/y");
	buf_free(&answer.body);
	assert_int_equal(server_close(&server), 1);
	assert_non_null(strstr(server.request, "POST /x HTTP/1.1\r\n"));
	assert_non_null(strstr(
		server.request, "\r\nContent-Type: application/json\r\n"));
	assert_non_null(strstr(server.request, "\r\n\r\n{\"a\":1}"));
	arena_reset(&arena);
}

static void
test_long_answer_is_cut(void **state)
{
	struct arena arena = ARENA_INIT;
	struct web_answer answer;
	struct web_request request;
	struct server server;

	(void)state;
	server_open(&server, OK_HEAD "0123456789");
	request = request_to(&arena, &server);
	for (size_t max = 0; max <= 10; max++) {
		request.body_max = max;
		assert_int_equal(
			web_exchange(&arena, &request, &answer), WEB_OK);
		assert_int_equal(answer.body.len, max);
		assert_int_equal(answer.cut, max < 10);
		assert_int_equal(answer.status, 200);
		buf_free(&answer.body);
	}
	assert_int_equal(server_close(&server), 11);
	arena_reset(&arena);
}

static void *
cancel(void *arg)
{
	(void)arg;
	atomic_store(&cancelled, true);
	return NULL;
}

static void
test_slow_server_is_given_up(void **state)
{
	struct arena arena = ARENA_INIT;
	struct web_answer answer;
	struct web_request request;
	struct server server;
	pthread_t thread;

	(void)state;
	server_open(&server, NULL);
	request = request_to(&arena, &server);
	request.patience = patience_of(100);
	assert_int_equal(web_exchange(&arena, &request, &answer), WEB_TIMEOUT);
	request.patience = patience_of(-100);
	assert_int_equal(web_exchange(&arena, &request, &answer), WEB_TIMEOUT);
	request.patience = patience_of(INT64_C(3600) * 1000);
	pthread_create(&thread, NULL, cancel, NULL);
	assert_int_equal(web_exchange(&arena, &request, &answer), WEB_TIMEOUT);
	pthread_join(thread, NULL);
	atomic_store(&cancelled, false);
	server_close(&server);
	arena_reset(&arena);
}

static void
test_bad_urls_are_refused(void **state)
{
	static const char *const bad[] = { "", "x", "example.org", "//x/",
		"http://", "http:///", "ftp://x/", "file:///etc/passwd",
		"gopher://x/", "javascript:1", "http://u@x/", "http://u:p@x/",
		"http://:p@x/", "http://x y/", "http://x:99999/", "http://x:y/",
		"http://[::1/", "https://x\n/" };
	struct arena arena = ARENA_INIT;
	struct web_answer answer;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct web_request request = { .url = bad[i],
			.guarded = true,
			.allow = "",
			.patience = patience_of(SOON_MS) };

		if (web_exchange(&arena, &request, &answer) != WEB_BAD_URL)
			fail_msg("\"%s\" is taken", bad[i]);
	}
	arena_reset(&arena);
}

static const struct {
	const char *type;
	bool taken, html;
} types[] = {
	{ "text/html", true, true },
	{ "Text/HTML; charset=utf-8", true, true },
	{ "application/xhtml+xml", true, true },
	{ "text/plain", true, false },
	{ "text/csv ; x", true, false },
	{ "application/json", true, false },
	{ "application/problem+json;x", true, false },
	{ "application/xml", true, false },
	{ "application/rss+xml", true, false },
	{ "image/svg+xml", false, false },
	{ "image/png", false, false },
	{ "application/octet-stream", false, false },
	{ "application/jsonp", false, false },
	{ "application/pdf", false, false },
	{ "text/", false, false },
	{ "", false, false },
};

static void
test_types_and_charsets_of_pages(void **state)
{
	struct web_patience patience = patience_of(SOON_MS);

	(void)state;
	for (size_t i = 0; i < LENGTH(types); i++) {
		struct arena arena = ARENA_INIT;
		struct server server;
		struct web_page page;
		const char *why;
		enum err err;

		server_open(&server,
			arena_printf(&arena,
				"HTTP/1.1 200 x\r\nContent-Type: %s\r\n"
				"Connection: close\r\n\r\nhello",
				types[i].type));
		err = web_page_get(&arena,
			arena_printf(
				&arena, "http://127.0.0.1:%d/", server.port),
			arena_printf(&arena, "127.0.0.1:%d", server.port),
			&patience, &page, &why);
		if ((err == OK) != types[i].taken ||
			(err == OK && page.html != types[i].html))
			fail_msg("\"%s\" is %staken", types[i].type,
				err == OK ? "" : "not ");
		server_close(&server);
		arena_reset(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_public_addresses_are_fetched),
		cmocka_unit_test(test_proxy_of_the_environment_is_ignored),
		cmocka_unit_test(test_post_follows_no_redirect),
		cmocka_unit_test(test_long_answer_is_cut),
		cmocka_unit_test(test_slow_server_is_given_up),
		cmocka_unit_test(test_bad_urls_are_refused),
		cmocka_unit_test(test_types_and_charsets_of_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
