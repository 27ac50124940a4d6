#include "api/streaming.h"

#include "api/app.h"
#include "http/fcgi.h"
#include "message/chunk.h"

#include <inttypes.h>

static void
put(struct buf *out, unsigned tag, struct span text)
{
	const struct fcgi_peer peer = { -1, (uint16_t)tag };

	fcgi_put(out, &peer, text);
}

static void
put_end(struct buf *out, unsigned tag)
{
	const struct fcgi_peer peer = { -1, (uint16_t)tag };

	fcgi_put_end(out, &peer);
}

const struct framing streaming_framing = { put, put_end };

static struct follower_share
share_of(const struct request *rq)
{
	const struct rates_who user = rates_user(rq->user_id), all = { 0 };
	const struct limits_conf *conf = &rq->app->conf.limits;
	struct rates *rates = rq->app->rates;

	return (struct follower_share){ rates,
		rates_sum(rates, "unread", &user),
		rates_sum(rates, "unread", &all), conf->unread_user,
		conf->unread_all };
}

struct peer
streaming_peer(const struct request *rq)
{
	struct fcgi_peer peer = fcgi_peer_of(rq);

	return (struct peer){
		.fd = peer.fd, .tag = peer.request_id, .share = share_of(rq)
	};
}

void
streaming_headers(struct response *rs, uint64_t session_id)
{
	rs->status = 200;
	rs->type = "text/event-stream";
	response_header(rs, "x-vercel-ai-ui-message-stream", "v1");
	response_header(rs, "X-Accel-Buffering", "no");
	response_header(rs, "x-session-id", "%" PRIu64, session_id);
}

struct span
streaming_head(struct request *rq, struct response *rs, uint64_t session_id)
{
	streaming_headers(rs, session_id);
	return response_head(rs, rq);
}

struct span
streaming_preamble(struct request *rq, const struct response *rs,
	uint64_t session_id, const uint64_t *user_ids, size_t n_user_ids)
{
	struct response head = { 0 };
	struct buf preamble = BUF_INIT;
	struct span copy;

	buf_put_span(&head.headers, buf_span(&rs->headers));
	buf_put_span(&preamble, streaming_head(rq, &head, session_id));
	if (n_user_ids > 0)
		chunk_write_session(
			&preamble, session_id, user_ids, n_user_ids);
	copy = arena_span(rq->arena, buf_span(&preamble));
	buf_free(&preamble);
	response_free(&head);
	return copy;
}

void
streaming_release(struct request *rq, struct response *rs)
{
	rs->taken = true;
	fcgi_release(rq);
}
