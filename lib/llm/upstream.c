#include "llm/upstream.h"

#include "base/address.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "llm/easy.h"
#include "llm/headers.h"
#include "llm/where.h"
#include "llm/wires.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Every stream has such a buffer, idle or not. This is libcurl's minimum, and
 * holds some four deltas. */
#define RECEIVE_BUFFER 1024L

/* This is only a warning, because it may be intended: a private network, a
 * tunnel. */
static void
warn_of_clear_text(const char *base_url)
{
	if (address_in_clear(base_url))
		log_warn("llm_clear_text",
			"key=llm.base_url detail=\"the key and all that people "
			"write goes unencrypted to another machine: use https, "
			"or a network that nobody else reads\"");
}

static enum err
set_url(struct upstream *upstream, const struct llm_conf *conf)
{
	struct buf url = BUF_INIT;

	if (*conf->base_url != '\0' && !where_is_base_url(conf->base_url))
		return conf_refuse("llm.base_url", WHERE_BASE_URL);
	warn_of_clear_text(conf->base_url);
	buf_put_span(&url, where_base(conf));
	wire_of(conf->kind)->put_path(&url, conf->model);
	upstream->url = url.data;
	return OK;
}

static void
add_header(void *arg, const char *line)
{
	struct upstream *upstream = arg;

	headers_add(&upstream->headers, line);
}

static void
add_secret(struct upstream *upstream, struct span secret)
{
	if (secret.len == 0)
		return;
	buf_put_span(&upstream->secrets, secret);
	buf_putc(&upstream->secrets, '\n');
}

/* By default libcurl would send "Expect: 100-continue" and wait a second for
 * the answer. */
static enum err
set_headers(struct upstream *upstream, const struct llm_conf *conf)
{
	const struct wire_headers headers = { add_header, upstream };
	struct arena arena = ARENA_INIT;
	const char *key;
	enum err err =
		conf_secret(&arena, conf->api_key, conf->api_key_file, &key);

	add_header(upstream, "Content-Type: application/json");
	add_header(upstream, "Accept: text/event-stream");
	add_header(upstream, "Expect:");
	/* Compressed answers arrive in large pieces; we do not ask for them,
	 * but decode them. */
	add_header(upstream, "Accept-Encoding: identity");
	if (err == OK && strpbrk(key, "\r\n") != NULL)
		err = conf_refuse("llm.api_key", "one line");
	if (err != OK)
		key = "";
	add_secret(upstream, span_of(key));
	wire_of(conf->kind)->put_headers(&headers, conf, key);
	arena_reset(&arena);
	return err;
}

static enum err
set_ca_file(struct upstream *upstream, const char *path)
{
	if (*path == '\0')
		return OK;
	if (access(path, R_OK) != 0)
		return conf_refuse("llm.ca_file", "a file that can be read");
	upstream->ca_file = mem_str(path);
	return OK;
}

void
upstream_add_header(
	struct upstream *upstream, const char *line, struct span value)
{
	add_header(upstream, line);
	add_secret(upstream, value);
}

enum err
upstream_open(struct upstream *upstream, const struct llm_conf *conf)
{
	*upstream = (struct upstream){
		.configured = where_base(conf).len > 0 && *conf->model != '\0',
		.connect_timeout_ms = (long)conf->connect_timeout_ms,
	};
	TRY(set_url(upstream, conf));
	TRY(set_headers(upstream, conf));
	return set_ca_file(upstream, conf->ca_file);
}

void
upstream_free(struct upstream *upstream)
{
	curl_slist_free_all(upstream->headers);
	free(upstream->url);
	free(upstream->ca_file);
	buf_free(&upstream->secrets);
}

CURL *
upstream_request(const struct upstream *upstream, struct span body)
{
	CURL *easy = easy_new();

	curl_easy_setopt(easy, CURLOPT_URL, upstream->url);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, upstream->headers);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "lamplight");
	curl_easy_setopt(
		easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, RECEIVE_BUFFER);
	curl_easy_setopt(
		easy, CURLOPT_CONNECTTIMEOUT_MS, upstream->connect_timeout_ms);
	if (upstream->ca_file != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, upstream->ca_file);
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(
		easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.data);
	return easy;
}

struct curl_slist *
upstream_trace(
	const struct upstream *upstream, const struct trace *trace, CURL *easy)
{
	struct curl_slist *headers = NULL;

	if (*trace->id == '\0')
		return NULL;
	for (const struct curl_slist *one = upstream->headers; one != NULL;
		one = one->next)
		headers_add(&headers, one->data);
	headers_add_trace(&headers, trace);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	return headers;
}
