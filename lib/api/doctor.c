#include "api/doctor_private.h"

#include "api/doctor_settings.h"
#include "api/guard.h"
#include "api/streaming.h"
#include "auth/mark.h"
#include "auth/token.h"
#include "base/clock.h"
#include "http/fcgi.h"
#include "repo/schema.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONTEXT "doctor  "
#define SEND_WAIT_MS 1000
/* Allowed difference between two hosts' clocks. */
#define CLOCK_MARGIN_S 120

/* ---- the token */

static void
mark_of(const struct secret_key *key, int64_t until_s, char out[TOKEN_LEN + 1])
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64, until_s);
	mark_text(key, CONTEXT, text, out);
}

const char *
doctor_token(struct arena *arena, const struct secret_ring *ring, int64_t now_s)
{
	char mark[TOKEN_LEN + 1];
	int64_t until_s = now_s + DOCTOR_TOKEN_S;

	mark_of(&ring->keys[0], until_s, mark);
	return arena_printf(arena, "%" PRId64 ".%s", until_s, mark);
}

bool
doctor_knows(const struct secret_ring *ring, const char *token, int64_t now_s)
{
	char mark[TOKEN_LEN + 1], *dot;
	int64_t until_s = strtoll(token, &dot, 10);

	if (*dot != '.' || until_s < now_s ||
		until_s > now_s + DOCTOR_TOKEN_S + CLOCK_MARGIN_S)
		return false;
	for (unsigned i = 0; i < ring->n; i++) {
		mark_of(&ring->keys[i], until_s, mark);
		if (token_equal(span_of(dot + 1), span_of(mark)))
			return true;
	}
	return false;
}

static bool
is_bearer(const struct request *rq, const char *token)
{
	static const char scheme[] = "Bearer ";
	const char *header = request_header(rq, "Authorization");

	return header != NULL &&
		strncasecmp(header, scheme, sizeof(scheme) - 1) == 0 &&
		strcmp(header + sizeof(scheme) - 1, token) == 0;
}

/* ---- the facts */

static int64_t
nofile(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
		limit.rlim_cur == RLIM_INFINITY)
		return INT64_MAX;
	return (int64_t)limit.rlim_cur;
}

static void
put_facts(const struct request *rq, const char *token, struct buf *out)
{
	const struct conf *conf = &rq->app->conf;
	const char *https = request_param(rq, "HTTPS");
	const char *address = request_param(rq, "REMOTE_ADDR");
	struct json_writer w = json_writer(out);

	json_open(&w, '{');
	json_member_int(&w, "nofile", nofile());
	json_member_int(&w, "streamsMax", conf->chat.streams_max);
	json_member_int(&w, "schema", SCHEMA_VERSION);
	json_member_bool(
		&w, "https", https != NULL && strcasecmp(https, "on") == 0);
	json_member_str(&w, "address", address != NULL ? address : "");
	json_member_bool(&w, "authorization", is_bearer(rq, token));
	json_key(&w, "settings");
	doctor_put_settings(conf, &guard_secrets(rq->app->guard)->keys[0], &w);
	json_close(&w, '}');
}

/* ---- the stream */

/* Returns false if the reader has left or reads nothing. */
static bool
send_all(int fd, struct buf *records)
{
	while (records->len > 0) {
		struct pollfd polled = { fd, POLLOUT, 0 };
		ssize_t n = send(fd, records->data, records->len,
			MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (n > 0)
			buf_consume(records, (size_t)n);
		else if (poll(&polled, 1, SEND_WAIT_MS) == 0)
			return false;
	}
	return true;
}

static bool
send_event(const struct fcgi_peer *peer, const char *head, struct span data)
{
	struct buf text = BUF_INIT, records = BUF_INIT;
	bool sent;

	buf_puts(&text, head);
	buf_puts(&text, "data: ");
	buf_put_span(&text, data);
	buf_puts(&text, "\n\n");
	fcgi_put(&records, peer, buf_span(&text));
	sent = send_all(peer->fd, &records);
	buf_free(&text);
	buf_free(&records);
	return sent;
}

static void
send_ticks(const struct fcgi_peer *peer)
{
	const struct timespec pause = { 0, DOCTOR_TICK_MS * 1000000L };
	struct buf end = BUF_INIT;
	bool sent = true;

	for (int i = 0; i < DOCTOR_TICKS && sent; i++) {
		nanosleep(&pause, NULL);
		sent = send_event(peer, "", span_of("{}"));
	}
	fcgi_put_end(&end, peer);
	if (sent)
		(void)send_all(peer->fd, &end);
	buf_free(&end);
}

/* Occupies a thread for a second, so only one may run, and only for a holder of
 * the secret. */
static enum err
stream(struct request *rq, struct response *rs, struct span facts)
{
	struct fcgi_peer peer = fcgi_peer_of(rq);
	struct span head;

	if (atomic_exchange(&rq->app->examined, true))
		return request_fail(rq, ERR_BUSY, "doctor_busy",
			"Another stream of this kind is running.");
	rs->status = 200;
	rs->type = "text/event-stream";
	response_header(rs, "X-Accel-Buffering", "no");
	head = response_head(rs, rq);
	streaming_release(rq, rs);
	if (send_event(&peer, arena_str(rq->arena, head.data, head.len), facts))
		send_ticks(&peer);
	close(peer.fd);
	atomic_store(&rq->app->examined, false);
	return OK;
}

enum err
doctor_answer(struct request *rq, struct response *rs)
{
	const char *token = request_header(rq, DOCTOR_HEADER);
	struct buf facts = BUF_INIT;
	enum err err = OK;

	if (token == NULL ||
		!doctor_knows(guard_secrets(rq->app->guard), token,
			clock_wall_ms() / 1000))
		return ERR_NOT_FOUND;
	put_facts(rq, token, &facts);
	if (strcmp(rq->query, "stream") == 0)
		err = stream(rq, rs, buf_span(&facts));
	else
		(void)response_json(rs, 200);
	if (!rs->taken && err == OK)
		buf_put_span(&rs->body, buf_span(&facts));
	buf_free(&facts);
	return err;
}
