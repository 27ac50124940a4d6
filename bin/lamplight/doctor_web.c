/* doctor_web.c: the way from a browser to the programs: the effects of the web
 * server, and of every proxy before it, on requests and answers. */

#include "lamplight/doctor.h"

#include "api/doctor.h"
#include "base/address.h"
#include "llm/probe.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define WAIT_MS 10000
/* Only a refusal is answered, and immediately. */
#define BODY_WAIT_MS 1500
#define SPREAD_MS ((DOCTOR_TICKS - 1) * DOCTOR_TICK_MS)

#define SAY(d, severity, code, remedy, ...) \
	doctor_say((d), (severity), (code), \
		arena_printf(&(d)->arena, __VA_ARGS__), (remedy))

/* ---- how a stream arrives */

static unsigned
count_events(struct span body)
{
	unsigned n = 0;

	for (; body.len > 6; body.data++, body.len--)
		n += memcmp(body.data, "data: ", 6) == 0;
	return n;
}

static void
look_at_time(struct doctor *d, const struct probe_answer *answer)
{
	unsigned n = answer->n_pieces;
	int64_t spread_ms = n > 0
		? answer->pieces[n - 1].at_ms - answer->pieces[0].at_ms
		: 0;

	if (spread_ms >= SPREAD_MS / 2)
		doctor_say(d, FINDING_OK, "stream",
			"A stream arrives as it is sent.", NULL);
	else
		SAY(d, FINDING_ERROR, "stream_buffered",
			"Turn off buffering for /api/ai/chat in every server "
			"on the way: fastcgi_buffering off or proxy_buffering "
			"off (nginx), flushpackets=on (Apache), and caching "
			"(CDN).",
			"Replies are delayed: what was sent over %d ms arrived "
			"within %" PRId64 " ms.",
			DOCTOR_TICKS * DOCTOR_TICK_MS, spread_ms);
}

/* *coding*: the encoding named in the answer, or NULL. */
static void
look_at_stream(
	struct doctor *d, const struct probe_answer *answer, const char *coding)
{
	if (coding != NULL && strcasecmp(coding, "identity") != 0)
		SAY(d, FINDING_ERROR, "stream_compressed",
			"Leave text/event-stream out of what is compressed "
			"(gzip_types, AddOutputFilterByType, the CDN).",
			"Replies are compressed on the way (%.20s), which holds "
			"them back.",
			coding);
	else if (!answer->whole ||
		count_events(buf_span(&answer->body)) != DOCTOR_TICKS + 1)
		SAY(d, FINDING_ERROR, "stream_cut",
			"Look for what rewrites answers or limits their time on "
			"the way.",
			"A stream does not arrive completely: %s.",
			answer->reason);
	else
		look_at_time(d, answer);
}

static void
look_at_headers(struct doctor *d, const struct probe_answer *answer)
{
	static const char *const names[] = { "X-Request-Id",
		"X-Accel-Buffering" };
	const char *cache = probe_header(&d->arena, answer, "Cache-Control");

	if (cache == NULL || strstr(cache, "no-store") == NULL)
		SAY(d, FINDING_ERROR, "cache",
			"No server on the way may set Cache-Control or Expires "
			"below /api/: no cache may keep chats.",
			"Cache-Control arrives as \"%.60s\" instead of "
			"no-store.",
			cache != NULL ? cache : "");
	for (size_t i = 0; i < LENGTH(names); i++)
		if (probe_header(&d->arena, answer, names[i]) == NULL)
			SAY(d, FINDING_WARNING, "header",
				"Let the web server pass on response headers.",
				"The header %s is removed on the way.",
				names[i]);
}

/* ---- what the program saw of the request */

static const char *
host_of(struct doctor *d)
{
	const char *host = strstr(d->url, "://") + 3;
	size_t len = strcspn(host, "/");

	if (*host == '[')
		return arena_str(&d->arena, host + 1, strcspn(host + 1, "]"));
	return arena_str(&d->arena, host, MIN(len, strcspn(host, ":")));
}

static bool
by_tls(const struct doctor *d)
{
	return strncasecmp(d->url, "https:", 6) == 0;
}

static void
look_at_request(struct doctor *d, const struct json *facts)
{
	const char *address = json_str(json_get(facts, "address"));
	bool here = address_is_here(host_of(d));

	if (!json_boolean(json_get(facts, "authorization"), false))
		doctor_say(d, FINDING_ERROR, "authorization",
			"The header Authorization does not reach the programs, "
			"and nobody can stay logged in.",
			"Pass it on: CGIPassAuth On (Apache), FcgidPassHeader "
			"Authorization (mod_fcgid); nginx does by itself.");
	if (by_tls(d) && !json_boolean(json_get(facts, "https"), false))
		doctor_say(d, FINDING_WARNING, "https_unknown",
			"The programs do not know that browsers use TLS, and "
			"the login's cookie is not marked Secure.",
			"Set auth.cookie_secure = on, or let the web server "
			"pass HTTPS on.");
	if (!here && address != NULL && address_is_here(address))
		doctor_say(d, FINDING_WARNING, "address",
			"The programs see a proxy's address for every client, "
			"so the limits count all people as one.",
			"Let the web server know the real address: "
			"set_real_ip_from (nginx), RemoteIPInternalProxy "
			"(Apache).");
	if (!here && !by_tls(d))
		doctor_say(d, FINDING_WARNING, "no_tls",
			"Passwords and chats cross the network unencrypted.",
			"Serve the site by TLS (https), with a certificate of "
			"Let's Encrypt for example.");
}

static struct span
first_event(struct span body)
{
	const char *end;

	if (!span_begins(body, "data: "))
		return (struct span){ "", 0 };
	end = memchr(body.data, '\n', body.len);
	body.data += 6;
	body.len = end != NULL ? (size_t)(end - body.data) : body.len - 6;
	return body;
}

/* ---- the sequence */

/* Returns false if further checks are useless. */
static bool
look_at_way(struct doctor *d)
{
	const char *headers[] = {
		arena_printf(&d->arena, DOCTOR_HEADER ": %s", d->token),
		arena_printf(&d->arena, "Authorization: Bearer %s", d->token),
		"Accept: text/event-stream",
		"Accept-Encoding: gzip, deflate, br",
	};
	const struct probe_ask ask = { .url = arena_printf(&d->arena,
					       "%s" DOCTOR_PATH "?stream",
					       d->url),
		.headers = headers,
		.n_headers = LENGTH(headers),
		.ca_file = d->ca_file,
		.wait_ms = WAIT_MS };
	struct probe_answer answer;
	const struct json *facts;
	const char *coding;
	bool reached;

	probe(&d->arena, &ask, &answer);
	reached = answer.result == PROBE_OK && answer.status == 200;
	if (!reached) {
		doctor_unreached(d, &answer);
	} else {
		coding = probe_header(&d->arena, &answer, "Content-Encoding");
		look_at_stream(d, &answer, coding);
		look_at_headers(d, &answer);
		if (json_parse(&d->arena, first_event(buf_span(&answer.body)),
			    &facts) == OK) {
			look_at_request(d, facts);
			/* There, each of many processes needs only one
			 * thread. */
			if (d->by_web)
				doctor_settings(d, facts, "http.threads");
		}
	}
	probe_free(&answer);
	return reached;
}

static void
look_at_page(struct doctor *d)
{
	const struct probe_ask ask = { .url = arena_printf(
					       &d->arena, "%s/", d->url),
		.ca_file = d->ca_file,
		.wait_ms = WAIT_MS };
	struct probe_answer answer;
	const char *type;

	probe(&d->arena, &ask, &answer);
	type = probe_header(&d->arena, &answer, "Content-Type");
	if (answer.status != 200 || type == NULL ||
		strncasecmp(type, "text/html", 9) != 0)
		SAY(d, FINDING_ERROR, "page",
			"Set the document root as in " DOCTOR_FILES ".",
			"The page is not at %s/ (%ld).", d->url, answer.status);
	else if (probe_header(&d->arena, &answer, "Content-Security-Policy") !=
		NULL)
		doctor_say(d, FINDING_OK, "page", "The page is served.", NULL);
	else
		SAY(d, FINDING_WARNING, "policy",
			"Add the header, as " DOCTOR_FILES " do.",
			"The page comes without Content-Security-Policy.");
	probe_free(&answer);
}

static void
look_at_bodies(struct doctor *d)
{
	const struct probe_ask ask = { .url = arena_printf(&d->arena,
					       "%s/api/ai/chat", d->url),
		.announced = d->conf.http.body_max,
		.ca_file = d->ca_file,
		.wait_ms = BODY_WAIT_MS };
	struct probe_answer answer;

	probe(&d->arena, &ask, &answer);
	if (answer.result == PROBE_OK && answer.status == 413)
		SAY(d, FINDING_WARNING, "body_limit",
			"Raise client_max_body_size (nginx) or "
			"LimitRequestBody (Apache) above http.body_max, or "
			"lower that.",
			"The web server refuses messages of %" PRId64
			" MB, which the programs accept (http.body_max).",
			d->conf.http.body_max >> 20);
	probe_free(&answer);
}

/* Clients that send tokens unencrypted must get an error. */
static void
look_at_clear(struct doctor *d)
{
	const char *host = strstr(d->url, "://") + 3;
	const char *path = strchr(host, '/');
	const struct probe_ask ask = { .url = arena_printf(&d->arena,
					       "http://%.*s%s/api/health/live",
					       (int)strcspn(host, ":/"), host,
					       path != NULL ? path : ""),
		.ca_file = d->ca_file,
		.wait_ms = WAIT_MS };
	struct probe_answer answer;

	probe(&d->arena, &ask, &answer);
	if (answer.result == PROBE_OK && answer.status / 100 == 2)
		doctor_say(d, FINDING_ERROR, "clear",
			"The API answers without TLS, too, and tokens can "
			"cross the network unencrypted.",
			"Let port 80 only redirect to the page, and refuse "
			"/api/.");
	probe_free(&answer);
}

void
doctor_web(struct doctor *d)
{
	if (d->token == NULL) {
		doctor_say(d, FINDING_WARNING, "web_not_asked",
			"The way through the web server cannot be checked "
			"without the secret file.",
			"Run this command as root or as the programs' user.");
		return;
	}
	if (!look_at_way(d))
		return;
	doctor_path(d);
	doctor_routes(d, true);
	look_at_page(d);
	look_at_bodies(d);
	if (by_tls(d) && strchr(d->url, '[') == NULL)
		look_at_clear(d);
}
