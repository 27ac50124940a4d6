/* client_proxy_test.c: a model behind a proxy. */

#include "testcall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- through a proxy */

/* Makes one call with a server as its proxy, or as the model if *base_url* says
 * so. */
static enum llm_fault
ask_through(struct server *server, const char *base_url, const char *proxy,
	const char *except)
{
	struct llm_conf conf;
	char url[64], address[100];
	enum llm_fault fault;
	struct run run;

	conf = testserver_conf(server->port, url);
	snprintf(address, sizeof(address), *proxy != '\0' ? "%s:%d" : "%s",
		proxy, server->port);
	if (base_url != NULL)
		conf.base_url = base_url;
	conf.proxy = address;
	conf.no_proxy = except;
	conf.retries = 0;
	testrun_open(&run, &conf);
	testrun_start(&run);
	loop_run(run.loop);
	fault = run.result.fault;
	testrun_close(&run);
	return fault;
}

static void
expect_proxied(const struct answer *answer, const char *base_url,
	const char *proxy, const char *except, enum llm_fault fault,
	const char *request, const char *socks)
{
	struct server server;

	testserver_open(&server, answer, 1);
	assert_string_equal(
		llm_fault_word(ask_through(&server, base_url, proxy, except)),
		llm_fault_word(fault));
	testserver_close(&server);
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
	/* The environment's proxies are never used. */
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
	/* Some hosts are reached without the proxy. */
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
		conf = testserver_conf(1, url);
		conf.proxy = wrong[i];
		assert_int_equal(testrun_model(&conf, &model), ERR_INVALID);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_proxy_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
