#include "llm/probe.h"

#include "base/clock.h"
#include "llm/easy.h"
#include "llm/headers.h"
#include "llm/proxy.h"
#include "llm/where.h"
#include "llm/wires.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEAD_MAX ((size_t)64 << 10)

struct exchange {
	struct probe_answer *answer;
	int64_t began_ms;
};

/* ---- the answer */

static size_t
on_head(char *line, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;
	struct buf *head = &x->answer->head;

	/* If there are several heads (100, or a proxy's), the last one
	 * counts. */
	if (n > 5 && memcmp(line, "HTTP/", 5) == 0)
		buf_clear(head);
	if (head->len + size * n > HEAD_MAX)
		return 0;
	buf_append(head, line, size * n);
	return size * n;
}

static size_t
on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;
	struct probe_answer *answer = x->answer;
	unsigned last = MIN(answer->n_pieces, PROBE_PIECES_MAX - 1u);

	if (answer->body.len + size * n > PROBE_BODY_MAX)
		return 0;
	buf_append(&answer->body, bytes, size * n);
	answer->pieces[last].at_ms = clock_mono_ms() - x->began_ms;
	answer->pieces[last].end = answer->body.len;
	answer->n_pieces = last + 1;
	return size * n;
}

/* The announced body is never sent. */
static size_t
on_send(char *to, size_t size, size_t n, void *arg)
{
	(void)to;
	(void)size;
	(void)n;
	(void)arg;
	return CURL_READFUNC_PAUSE;
}

/* ---- the request */

static void
set_limits(CURL *easy, const struct probe_ask *ask)
{
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	if (ask->ca_file != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, ask->ca_file);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)ask->wait_ms);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "lamplight-doctor");
	curl_easy_setopt(
		easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
}

static struct curl_slist *
set_request(CURL *easy, const struct probe_ask *ask, struct exchange *x)
{
	struct curl_slist *headers = NULL;

	for (size_t i = 0; i < ask->n_headers; i++)
		headers_add(&headers, ask->headers[i]);
	if (ask->announced > 0) {
		headers_add(&headers, "Expect:");
		headers_add(&headers, "Content-Type: application/json");
		curl_easy_setopt(easy, CURLOPT_POST, 1L);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
			(curl_off_t)ask->announced);
		curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_send);
	}
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_URL, ask->url);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, x);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, x);
	return headers;
}

static enum probe_result
result_of(CURLcode code, const struct probe_answer *answer)
{
	if (answer->status != 0 && answer->head.len > 0)
		return PROBE_OK;
	switch ((int)code) {
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return PROBE_BAD_URL;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return PROBE_NO_HOST;
	case CURLE_COULDNT_CONNECT:
		return PROBE_NO_CONNECTION;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
		return PROBE_BAD_TLS;
	default:
		return PROBE_NO_ANSWER;
	}
}

static void
perform(struct arena *arena, CURL *easy, struct probe_answer *out)
{
	char words[CURL_ERROR_SIZE] = "";
	const char *reason = words;
	CURLcode code;

	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, words);
	code = curl_easy_perform(easy);
	if (words[0] == '\0')
		reason = curl_easy_strerror(code);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &out->status);
	out->whole = code == CURLE_OK;
	out->reason = arena_str(arena, reason, strlen(reason));
	out->result = result_of(code, out);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, NULL);
}

static bool
use_ways(CURL *easy, const struct llm_conf *via, struct proxy *proxy)
{
	if (proxy_open(proxy, via) != OK)
		return false;
	proxy_use(proxy, easy);
	if (via->ca_file[0] != '\0')
		curl_easy_setopt(easy, CURLOPT_CAINFO, via->ca_file);
	return true;
}

void
probe(struct arena *arena, const struct probe_ask *ask,
	struct probe_answer *out)
{
	struct exchange x = { out, clock_mono_ms() };
	struct curl_slist *headers;
	struct proxy proxy = { 0 };
	CURL *easy = easy_new();

	*out = (struct probe_answer){ .reason = "llm.proxy cannot be used",
		.result = PROBE_BAD_URL };
	set_limits(easy, ask);
	headers = set_request(easy, ask, &x);
	if (ask->via == NULL || use_ways(easy, ask->via, &proxy))
		perform(arena, easy, out);
	curl_easy_cleanup(easy);
	curl_slist_free_all(headers);
	if (ask->via != NULL)
		proxy_free(&proxy);
}

void
probe_free(struct probe_answer *answer)
{
	buf_free(&answer->head);
	buf_free(&answer->body);
}

const char *
probe_header(struct arena *arena, const struct probe_answer *answer,
	const char *name)
{
	const char *line = buf_str(&answer->head);
	size_t len = strlen(name);

	for (; *line != '\0'; line += strspn(line, "\r\n")) {
		size_t end = strcspn(line, "\r\n");

		if (end > len && strncasecmp(line, name, len) == 0 &&
			line[len] == ':') {
			const char *value = line + len + 1;

			value += strspn(value, " \t");
			return arena_str(
				arena, value, (size_t)(line + end - value));
		}
		line += end;
	}
	return NULL;
}

/* ---- the list of models */

struct lines {
	struct arena *arena;
	const char *list[48];
	size_t n;
};

static void
add_line(void *arg, const char *line)
{
	struct lines *lines = arg;

	if (lines->n < LENGTH(lines->list))
		lines->list[lines->n++] =
			arena_str(lines->arena, line, strlen(line));
}

static const char *
escaped(struct arena *arena, struct span text)
{
	char *own = curl_easy_escape(NULL, text.data, (int)text.len), *copy;

	if (own == NULL)
		abort();
	copy = arena_str(arena, own, strlen(own));
	curl_free(own);
	return copy;
}

static const char *
models_url(struct arena *arena, const struct llm_conf *conf, struct span after)
{
	const struct wire *wire = wire_of(conf->kind);
	struct span base = where_base(conf);

	if (base.len == 0 || wire->models_path == NULL)
		return NULL;
	if (after.len == 0 || wire->models_after == NULL)
		return arena_printf(arena, "%.*s%s", (int)base.len, base.data,
			wire->models_path);
	return arena_printf(arena, "%.*s%s%s%s", (int)base.len, base.data,
		wire->models_path, wire->models_after, escaped(arena, after));
}

static void
add_lines(struct lines *lines, const struct json *headers)
{
	const struct json *value;
	struct span name, text;
	size_t at = 0;

	while (json_next(headers, &at, &name, &value)) {
		text = json_text(value);
		add_line(lines,
			arena_printf(lines->arena, "%.*s: %.*s", (int)name.len,
				name.data, (int)text.len, text.data));
	}
}

enum err
probe_models(struct arena *arena, const struct llm_conf *conf,
	const struct json *headers, struct span after, int64_t wait_ms,
	struct probe_answer *out)
{
	struct lines lines = { .arena = arena };
	const struct wire_headers own = { add_line, &lines };
	const char *key, *url = models_url(arena, conf, after);

	*out = (struct probe_answer){ 0 };
	if (url == NULL)
		return OK;
	TRY(conf_secret(arena, conf->api_key, conf->api_key_file, &key));
	wire_of(conf->kind)->put_headers(&own, conf, key);
	add_lines(&lines, headers);
	probe(arena,
		&(struct probe_ask){ .url = url,
			.headers = lines.list,
			.n_headers = lines.n,
			.via = conf,
			.wait_ms = wait_ms },
		out);
	out->url = url;
	return OK;
}
