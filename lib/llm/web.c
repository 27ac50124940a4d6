#include "llm/web.h"

#include "base/address.h"
#include "base/clock.h"
#include "base/span.h"
#include "llm/easy.h"
#include "llm/headers.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONNECT_TIMEOUT_MS 10000L

struct exchange {
	const struct web_request *request;
	struct web_answer *answer;
	/* the operator's own address, or one that the operator allows */
	bool any_address;
	bool refused;
};

/* ---- the destination */

static const char *
url_part(struct arena *arena, CURLU *url, CURLUPart part, unsigned flags)
{
	const char *copy;
	char *text;

	if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
		return NULL;
	copy = arena_str(arena, text, strlen(text));
	curl_free(text);
	return copy;
}

static bool
is_web(CURLU *url)
{
	struct arena arena = ARENA_INIT;
	const char *scheme = url_part(&arena, url, CURLUPART_SCHEME, 0);
	const char *host = url_part(&arena, url, CURLUPART_HOST, 0);
	bool web = scheme != NULL && host != NULL && *host != '\0' &&
		(strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) &&
		url_part(&arena, url, CURLUPART_USER, 0) == NULL &&
		url_part(&arena, url, CURLUPART_PASSWORD, 0) == NULL;

	arena_reset(&arena);
	return web;
}

/* Whether "host:port" is a word of *list*. */
static bool
is_listed(const char *list, const char *host, const char *port)
{
	size_t host_len = strlen(host), port_len = strlen(port);

	while (*list != '\0') {
		size_t len = strcspn(list, " \t");

		if (len == host_len + 1 + port_len &&
			strncasecmp(list, host, host_len) == 0 &&
			list[host_len] == ':' &&
			memcmp(list + host_len + 1, port, port_len) == 0)
			return true;
		list += len;
		list += strspn(list, " \t");
	}
	return false;
}

/* Checks the port; the address is checked when it is known. */
static enum web_result
check_url(struct exchange *x, CURLU *url)
{
	const struct web_request *request = x->request;
	struct arena arena = ARENA_INIT;
	const char *host, *port;
	enum web_result result = WEB_OK;

	if (!is_web(url))
		return WEB_BAD_URL;
	host = url_part(&arena, url, CURLUPART_HOST, 0);
	port = url_part(&arena, url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	x->any_address =
		!request->guarded || is_listed(request->allow, host, port);
	if (!x->any_address && strcmp(port, "80") != 0 &&
		strcmp(port, "443") != 0)
		result = WEB_REFUSED;
	arena_reset(&arena);
	return result;
}

static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct exchange *x = arg;

	(void)purpose;
	if (!x->any_address &&
		(!address_is_public(&to->addr) || address_is_own(&to->addr))) {
		x->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- the exchange */

/* Ends the transfer when the body is cut off. */
static size_t
on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;
	struct buf *body = &x->answer->body;
	size_t len = size * n;
	size_t taken = MIN(len, x->request->body_max - body->len);

	buf_append(body, bytes, taken);
	x->answer->cut = taken < len;
	return taken;
}

/* A result other than 0 ends the transfer; libcurl calls this at least once a
 * second. */
static int
on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct exchange *x = arg;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return atomic_load(x->request->patience.cancelled);
}

static void
set_limits(CURL *easy, struct exchange *x)
{
	int64_t left_ms = x->request->patience.deadline_ms - clock_mono_ms();

#if LIBCURL_VERSION_NUM >= 0x075700
	/* Does not wait for a resolver that hangs. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl_easy_setopt(
		easy, CURLOPT_TIMEOUT_MS, (long)MAX(left_ms, INT64_C(1)));
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(easy, CURLOPT_XFERINFODATA, x);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, x);
}

static struct curl_slist *
json_headers(const struct trace *trace)
{
	struct curl_slist *headers = NULL;

	headers_add(&headers, "Content-Type: application/json");
	headers_add(&headers, "Expect:");
	if (trace != NULL)
		headers_add_trace(&headers, trace);
	return headers;
}

static struct curl_slist *
set_request(CURL *easy, CURLU *url, struct exchange *x)
{
	struct span json = x->request->json;
	struct curl_slist *headers = NULL;

	curl_easy_setopt(easy, CURLOPT_CURLU, url);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "lamplight");
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(
		easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, x);
	if (json.data == NULL)
		return NULL;
	headers = json_headers(x->request->trace);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(
		easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)json.len);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, json.data);
	return headers;
}

static void
read_answer(struct arena *arena, CURL *easy, struct web_answer *out)
{
	char *text = NULL;

	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &out->status);
	curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &text);
	out->type = text != NULL ? arena_str(arena, text, strlen(text)) : "";
	text = NULL;
	curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &text);
	if (text != NULL)
		out->redirect = arena_str(arena, text, strlen(text));
}

static enum web_result
result_of(const struct exchange *x, CURLcode code)
{
	if (code == CURLE_OK || x->answer->cut)
		return WEB_OK;
	if (code == CURLE_OPERATION_TIMEDOUT ||
		code == CURLE_ABORTED_BY_CALLBACK)
		return WEB_TIMEOUT;
	return x->refused ? WEB_REFUSED : WEB_UNREACHABLE;
}

static enum web_result
perform(struct arena *arena, struct exchange *x, CURLU *url)
{
	CURL *easy = easy_new();
	struct curl_slist *headers;
	enum web_result result;

	set_limits(easy, x);
	headers = set_request(easy, url, x);
	result = result_of(x, curl_easy_perform(easy));
	if (result == WEB_OK)
		read_answer(arena, easy, x->answer);
	curl_easy_cleanup(easy);
	curl_slist_free_all(headers);
	return result;
}

enum web_result
web_exchange(struct arena *arena, const struct web_request *request,
	struct web_answer *out)
{
	struct exchange x = { .request = request, .answer = out };
	CURLU *url = curl_url();
	enum web_result result = WEB_BAD_URL;

	if (url == NULL)
		abort();
	*out = (struct web_answer){ .type = "" };
	if (curl_url_set(url, CURLUPART_URL, request->url, 0) == CURLUE_OK)
		result = check_url(&x, url);
	if (result == WEB_OK)
		result = perform(arena, &x, url);
	curl_url_cleanup(url);
	return result;
}
