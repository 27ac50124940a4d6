#include "chat/follower.h"

#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* An idle connection keeps its buffer up to this many bytes. */
#define KEEP_CAP 256

/* Adds what is kept now to the sums. False if the sums do not allow it. */
static bool
share(struct follower *follower)
{
	const struct follower_share *s = &follower->share;
	size_t kept = follower->out.len + follower->replay.len +
		follower->ordered + follower->behind.len;
	int64_t delta = (int64_t)kept - (int64_t)follower->counted;

	if (s->rates == NULL || delta == 0)
		return true;
	if (!rates_add(s->rates, s->user, delta, s->user_max))
		return false;
	if (!rates_add(s->rates, s->all, delta, s->all_max)) {
		rates_add(s->rates, s->user, -delta, s->user_max);
		return false;
	}
	follower->counted = kept;
	return true;
}

static void
free_follower(void *arg)
{
	struct follower *follower = arg;

	buf_free(&follower->out);
	buf_free(&follower->replay);
	buf_free(&follower->behind);
	follower->ordered = 0;
	share(follower);
	rates_give_back(&follower->hold);
	free(follower);
}

void
follower_close(struct follower *follower)
{
	if (follower->watch.fd < 0)
		return;
	list_remove(&follower->left);
	if (follower->order != NULL)
		follower->order->follower = NULL;
	follower->order = NULL;
	loop_unwatch(follower->loop, &follower->watch);
	close(follower->watch.fd);
	follower->watch.fd = -1;
	loop_free_later(follower->loop, free_follower, follower);
}

static void
gone(struct follower *follower)
{
	if (follower->watch.fd < 0)
		return;
	if (!follower->ending && !follower->end_behind)
		follower->on_gone(follower->arg, follower);
	follower_close(follower);
}

static bool
watch(struct follower *follower, uint32_t events)
{
	if (follower->watch.events == events)
		return true;
	return loop_watch(follower->loop, &follower->watch, events) == OK;
}

/* Sends what is kept. False if the connection is gone. */
static bool
flush(struct follower *follower)
{
	struct buf *out = &follower->out;
	ssize_t n;

	while (out->len > 0) {
		n = send(follower->watch.fd, out->data, out->len,
			MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return watch(follower, EPOLLRDHUP | EPOLLOUT);
		if (n < 0)
			return false;
		buf_consume(out, (size_t)n);
	}
	if (out->cap > KEEP_CAP)
		buf_free(out);
	return !follower->ending && watch(follower, EPOLLRDHUP);
}

static void
on_events(void *arg, uint32_t events)
{
	struct follower *follower = arg;

	if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0 ||
		!flush(follower) || !share(follower))
		gone(follower);
}

struct follower *
follower_open(struct loop *loop, struct peer peer,
	const struct framing *framing, size_t max,
	void (*on_gone)(void *arg, struct follower *follower), void *arg)
{
	struct follower *follower = mem_zalloc(sizeof(*follower));

	follower->loop = loop;
	follower->framing = framing;
	follower->on_gone = on_gone;
	follower->arg = arg;
	follower->max = max;
	follower->tag = peer.tag;
	follower->hold = peer.hold;
	follower->share = peer.share;
	follower->watch = (struct watch){ on_events, follower, peer.fd, 0 };
	follower->written_ms = loop_now_ms(loop);
	return follower;
}

void
follower_leave_by(struct follower *follower, struct list *leaving)
{
	follower->leaving = leaving;
}

bool
follower_count(struct follower *follower)
{
	if (follower->watch.fd < 0)
		return false;
	if (share(follower))
		return true;
	log_info("follower_cut", "unread=%zu why=share", follower->out.len);
	gone(follower);
	return false;
}

/* Call this after writing to *to*. False if the buffer is too full or the
 * connection is gone. */
static bool
put_done(struct follower *follower, const struct buf *to, bool waiting)
{
	follower->written_ms = loop_now_ms(follower->loop);
	if (to->len > follower->max) {
		log_info("follower_cut", "unread=%zu", to->len);
		gone(follower);
		return false;
	}
	if (!waiting && !flush(follower)) {
		gone(follower);
		return false;
	}
	return follower_count(follower);
}

bool
follower_send(struct follower *follower, struct span text)
{
	bool behind = follower->order != NULL;
	struct buf *to = behind ? &follower->behind : &follower->out;
	bool waiting = behind || to->len > 0;

	if (follower->watch.fd < 0)
		return false;
	follower->framing->put(to, follower->tag, text);
	return put_done(follower, to, waiting);
}

/* ---- the replay */

bool
follower_await(
	struct follower *follower, struct follower_order *order, size_t len)
{
	*order = (struct follower_order){ follower, follower->framing,
		follower->tag };
	follower->order = order;
	follower->ordered = len;
	return follower_count(follower);
}

/* Appends framed bytes to what is kept. */
static void
move_out(struct follower *follower, struct buf *framed)
{
	if (follower->out.len == 0) {
		buf_free(&follower->out);
		buf_move(&follower->out, framed);
	} else {
		buf_put_span(&follower->out, buf_span(framed));
		buf_free(framed);
	}
}

bool
follower_replay(struct follower *follower)
{
	struct buf replay = BUF_INIT;
	bool waiting = follower->out.len > 0;

	follower->due = true;
	if (follower->order != NULL || follower->replay.len == 0)
		return true;
	buf_move(&replay, &follower->replay);
	if (follower->framed) {
		move_out(follower, &replay);
		return put_done(follower, &follower->out, waiting);
	}
	waiting = follower_send(follower, buf_span(&replay));
	buf_free(&replay);
	return waiting;
}

void
follower_deliver(struct follower_order *order, struct buf *framed)
{
	struct follower *follower = order->follower;
	struct buf behind = BUF_INIT;
	bool ends;

	if (follower == NULL)
		return;
	order->follower = NULL;
	follower->order = NULL;
	follower->ordered = 0;
	ends = follower->end_behind;
	buf_move(&follower->replay, framed);
	buf_move(&behind, &follower->behind);
	follower->framed = true;
	if (follower->due && !follower_replay(follower))
		ends = false;
	else if (behind.len > 0 && follower->due) {
		bool waiting = follower->out.len > 0;

		move_out(follower, &behind);
		ends = put_done(follower, &follower->out, waiting) && ends;
	}
	buf_free(&behind);
	if (ends)
		follower_end(follower);
}

void
follower_forgo(struct follower *follower)
{
	if (follower->order != NULL)
		follower->order->follower = NULL;
	follower->order = NULL;
	follower->ordered = 0;
	buf_free(&follower->replay);
	buf_free(&follower->behind);
}

void
follower_end(struct follower *follower)
{
	if (follower->watch.fd < 0)
		return;
	if (follower->leaving != NULL)
		list_add(follower->leaving, &follower->left);
	follower->end_behind = follower->order != NULL;
	if (follower->end_behind)
		return;
	follower->framing->put_end(&follower->out, follower->tag);
	follower->ending = true;
	if (!flush(follower))
		gone(follower);
}
