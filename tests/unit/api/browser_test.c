/* browser_test.c: cookies for each kind of transport, origins, browsers'
 * names. */

#include "api/browser.h"

#include "../unit.h"
#include "apitest.h"

#include <string.h>

#define NEW_TOKEN "1.family.secret"
#define OLD_TOKEN "0123456789012345678901234567890123456789012"

/* How a request arrived, and the expected answer. */
struct way {
	int64_t secure;
	const char *https, *base_path;
	const char *cookie; /* "name=; Path=...; ..." without the token */
};

static const struct way ways[] = {
	{ CONF_AUTO, "on", "",
		"__Host-lamplight_refresh=" NEW_TOKEN
		"; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=9" },
	{ CONF_ON, NULL, "",
		"__Host-lamplight_refresh=" NEW_TOKEN
		"; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=9" },
	{ CONF_AUTO, "on", "/chat",
		"__Secure-lamplight_refresh=" NEW_TOKEN
		"; Path=/chat/api/auth; HttpOnly; SameSite=Strict; Secure; "
		"Max-Age=9" },
	{ CONF_AUTO, NULL, "",
		"lamplight_refresh=" NEW_TOKEN
		"; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=9" },
	{ CONF_AUTO, "", "/chat",
		"lamplight_refresh=" NEW_TOKEN
		"; Path=/chat/api/auth; HttpOnly; SameSite=Strict; Max-Age=9" },
	{ CONF_OFF, "on", "",
		"lamplight_refresh=" NEW_TOKEN
		"; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=9" },
};

static struct request *
coming(struct apitest *a, const struct way *way, const char *cookie)
{
	struct app *app = arena_dup(&a->t->arena, &a->app, sizeof(a->app));
	struct request *rq = apitest_request(a, NULL);

	app->conf.auth.cookie_secure = way->secure;
	app->conf.http.base_path = way->base_path;
	rq->app = app;
	if (way->https != NULL)
		apitest_param(
			rq, arena_printf(&a->t->arena, "HTTPS=%s", way->https));
	if (cookie != NULL)
		apitest_param(rq,
			arena_printf(
				&a->t->arena, "HTTP_COOKIE=a=b; %s", cookie));
	return rq;
}

static void
a_cookie_is_named_by_the_way_it_travels(void **state)
{
	struct apitest *a = *state;

	for (size_t i = 0; i < LENGTH(ways); i++) {
		struct request *rq = coming(a, &ways[i], NULL);
		struct response rs = { 0 };
		const char *token;

		browser_set_refresh(rq, &rs, NEW_TOKEN, 9);
		assert_string_equal(buf_str(&rs.headers),
			arena_printf(&a->t->arena, "Set-Cookie: %s\r\n",
				ways[i].cookie));
		rq = coming(a, &ways[i],
			arena_printf(&a->t->arena, "%.*s",
				(int)strcspn(ways[i].cookie, ";"),
				ways[i].cookie));
		token = browser_refresh(rq);
		assert_non_null(token);
		assert_string_equal(token, NEW_TOKEN);
		response_free(&rs);
	}
}

/* Another host of the domain, or plain http, can set a cookie under the plain
 * name; so over https it is accepted only for tokens that predate the
 * prefixes. */
static void
a_plain_name_over_https_is_for_old_tokens(void **state)
{
	struct apitest *a = *state;

	for (int i = 0; i < 3; i++) {
		struct request *rq =
			coming(a, &ways[i], "lamplight_refresh=" NEW_TOKEN);
		struct response rs = { 0 };

		assert_null(browser_refresh(rq));
		rq = coming(a, &ways[i], "lamplight_refresh=" OLD_TOKEN);
		assert_string_equal(browser_refresh(rq), OLD_TOKEN);
		browser_set_refresh(rq, &rs, NEW_TOKEN, 9);
		assert_non_null(strstr(
			buf_str(&rs.headers), "Cookie: lamplight_refresh=;"));
		assert_non_null(strstr(buf_str(&rs.headers), "Max-Age=0"));
		assert_non_null(strstr(buf_str(&rs.headers), ways[i].cookie));
		response_free(&rs);
	}
}

static void
only_our_own_pages_may_ask(void **state)
{
	static const struct {
		const char *site, *origin;
		bool allowed;
	} cases[] = {
		{ NULL, NULL, true },
		{ "same-origin", NULL, true },
		{ "same-origin", "https://chat.example", true },
		{ NULL, "https://chat.example:8443", true },
		{ NULL, "https://listed.example", true },
		{ "cross-site", "https://listed.example", true },
		{ "same-site", "https://chat.example", false },
		{ "cross-site", NULL, false },
		{ "none", NULL, false },
		{ NULL, "https://evil.example", false },
		{ NULL, "https://chat.example.evil", false },
		{ NULL, "null", false },
		{ NULL, "", false },
	};
	struct apitest *a = *state;
	struct way way = { CONF_AUTO, "on", "", NULL };

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct request *rq = coming(a, &way, NULL);
		enum err err;

		rq->app->conf.http.cors_origins = "https://listed.example";
		apitest_param(rq, "HTTP_HOST=chat.example");
		if (cases[i].site != NULL)
			apitest_param(rq,
				arena_printf(&a->t->arena,
					"HTTP_SEC_FETCH_SITE=%s",
					cases[i].site));
		if (cases[i].origin != NULL)
			apitest_param(rq,
				arena_printf(&a->t->arena, "HTTP_ORIGIN=%s",
					cases[i].origin));
		err = browser_check_origin(rq);
		assert_int_equal(err, cases[i].allowed ? OK : ERR_FORBIDDEN);
	}
}

static void
an_agent_is_cut_and_cleaned(void **state)
{
	struct apitest *a = *state;
	struct request *rq = apitest_request(
		a, "HTTP_USER_AGENT=a\x01\xc3\xa9\x7f b 0123456789");

	assert_string_equal(browser_agent(rq, 9), "a???? b 0");
	assert_string_equal(browser_agent(apitest_request(a, NULL), 9), "");
	assert_null(browser_name("a???? b "));
	assert_null(browser_system(""));
	assert_string_equal(browser_name("... Firefox/140.0"), "Firefox");
	assert_string_equal(browser_system("(Linux; Android 15)"), "Android");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cookie_is_named_by_the_way_it_travels),
		cmocka_unit_test(a_plain_name_over_https_is_for_old_tokens),
		cmocka_unit_test(only_our_own_pages_may_ask),
		cmocka_unit_test(an_agent_is_cut_and_cleaned),
	};

	return cmocka_run_group_tests(tests, apitest_open, apitest_close);
}
