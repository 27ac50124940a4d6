#include "http/front_private.h"

#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* A body above this size is large; only a few may arrive at the same time. */
#define LARGE ((size_t)64 << 10)

/* ---- counted memory and deadlines */

static void
count(struct link *link)
{
	struct front *front = link->front;
	size_t in = link->reader.params.len + link->body.len;
	size_t out = link->answer.left > 0 ? link->answer.len : 0;

	front->held_in += in - link->counted_in;
	front->held_out += out - link->counted_out;
	link->counted_in = in;
	link->counted_out = out;
}

/* Large bodies leave a quarter of the room to small ones, which are the
 * majority. */
bool
link_has_room(struct link *link)
{
	const struct front *front = link->front;
	size_t max = front->held_max;

	count(link);
	return front->held_in <= (link->body.len > LARGE ? max - max / 4 : max);
}

static int64_t
deadline(const struct link *link)
{
	const struct front *front = link->front;
	int64_t ms = link->since_ms + front->conf->read_timeout_ms;

	switch (link->state) {
	case LINK_IDLE:
		ms = link->since_ms + front->hooks.idle_ms;
		break;
	case LINK_BODY:
		ms += (int64_t)(link->received * 1000 / FRONT_RATE_MIN);
		break;
	case LINK_WRITING:
		ms += (int64_t)((link->answer.len - link->answer.left) * 1000 /
			FRONT_RATE_MIN);
		break;
	case LINK_HEAD:
	case LINK_DRAIN:
	case LINK_RUNNING:
	case LINK_STATES:
		break;
	}
	return MIN(ms, front->stop_ms);
}

/* A timer that fires too early is set again, so it seldom has to be moved. */
void
link_arm(struct link *link)
{
	int64_t due_ms = deadline(link);

	if (link->timer.slot == 0 || link->timer.due_ms > due_ms)
		loop_timer_set(link->front->loop, &link->timer, due_ms);
}

void
link_settle(struct link *link)
{
	uint32_t events = link->eof ? 0 : EPOLLIN;

	count(link);
	if (link->answer.left > 0)
		events |= EPOLLOUT;
	link_arm(link);
	if (loop_watch(link->front->loop, &link->watch, events) != OK)
		link_close(link, "watch");
}

/* ---- closing */

void
link_close(struct link *link, const char *why)
{
	if (why != NULL)
		log_info("peer_closed", "why=%s unsent=%zu", why,
			link->answer.left);
	loop_unwatch(link->front->loop, &link->watch);
	close(link->watch.fd);
	link->watch.fd = -1;
	front_forget(link);
}

void
link_drop_request(struct link *link)
{
	front_trim(link);
	record_reset(&link->reader);
	buf_free(&link->body);
	answer_drop(&link->answer);
	link->received = 0;
	link->length = -1;
}

bool
link_may_be_kept(const struct link *link)
{
	return link->reader.keep && !link->eof && !link->front->stopping;
}

/* The request is answered, and nothing more of it will arrive. */
static void
finish(struct link *link)
{
	if (!link_may_be_kept(link)) {
		link_close(link, NULL);
		return;
	}
	link_drop_request(link);
	front_move(link, LINK_IDLE);
	link_settle(link);
}

/* ---- writing */

/* Sends; closes a broken connection and then returns false. */
static bool
flush(struct link *link)
{
	if (!answer_send(&link->answer, link->watch.fd)) {
		link_close(link, "peer_gone");
		return false;
	}
	if (link->answer.left == 0)
		answer_drop(&link->answer);
	return true;
}

/* When answers take too much memory, drops those that have waited for their
 * readers longest. */
static void
cut_slow_readers(struct front *front)
{
	while (front->held_out > front->held_max &&
		front_first(front, LINK_WRITING) != NULL)
		link_close(front_first(front, LINK_WRITING), "no_room");
}

void
link_advance(struct link *link)
{
	bool sent = link->answer.left == 0;
	bool whole = link->reader.stage == STAGE_WHOLE || link->eof;

	if (sent && whole) {
		finish(link);
		return;
	}
	if (sent && !link->reader.keep) /* let the peer close first */
		shutdown(link->watch.fd, SHUT_WR);
	if (whole && link->state != LINK_WRITING)
		front_move(link, LINK_WRITING);
	link_settle(link);
	cut_slow_readers(link->front);
}

void
link_answer(struct link *link)
{
	if (!flush(link))
		return;
	buf_free(&link->body);
	link->received = 0;
	front_move(link,
		link->reader.stage == STAGE_WHOLE ? LINK_WRITING : LINK_DRAIN);
	link_advance(link);
}

void
link_refuse(struct link *link, enum err err)
{
	exchange_refuse(link, err);
	link_answer(link);
}

void
link_answered(void *arg)
{
	struct link *link = arg;

	if (link->released) {
		link->watch.fd = -1;
		front_forget(link);
	} else if (link->broken) {
		link_close(link, NULL);
	} else {
		link_answer(link);
	}
}

/* ---- while a thread runs the request */

/* The whole answer has been sent, and the loop only has to wait for the next
 * request. */
static bool
needs_nothing(const struct link *link)
{
	return !link->front->hooks.hands_over && !link->broken &&
		!link->large && link->answer.left == 0 && link->reader.keep &&
		!link->eof;
}

bool
link_leave(struct link *link)
{
	enum link_run on = RUN_ON;

	if (!needs_nothing(link))
		return false;
	buf_free(&link->reader.params);
	buf_free(&link->body);
	return atomic_compare_exchange_strong(&link->run, &on, RUN_OVER);
}

bool
link_collect(struct link *link)
{
	enum link_run on = RUN_ON;

	if (atomic_compare_exchange_strong(&link->run, &on, RUN_AWAITED) ||
		on == RUN_AWAITED)
		return false;
	link_answered(link);
	return true;
}

/* An event arrived while a thread runs the request: it has to wait. */
static void
set_aside(struct link *link, uint32_t events)
{
	if ((events & (EPOLLHUP | EPOLLERR)) != 0)
		link->gone = true;
	loop_unwatch(link->front->loop, &link->watch);
}

/* ---- events */

static void
on_events(void *arg, uint32_t events)
{
	struct link *link = arg;

	if (link->state == LINK_RUNNING && !link_collect(link)) {
		set_aside(link, events);
		return;
	}
	if (link->watch.fd < 0)
		return;
	if ((events & EPOLLOUT) != 0 && link->answer.left > 0) {
		if (!flush(link))
			return;
		link_advance(link);
	} else if (link->eof) { /* nor does the peer read */
		link_close(link, "gone");
	} else if (!intake_read(link)) {
		link_settle(link);
	}
}

static void
on_timer(void *arg)
{
	struct link *link = arg;

	if (link->state == LINK_RUNNING) {
		(void)link_collect(link);
		return;
	}
	if (deadline(link) > loop_now_ms(link->front->loop))
		link_arm(link);
	else if (link->state == LINK_BODY && !link->front->stopping)
		link_refuse(link, ERR_INVALID);
	else
		link_close(link, link->state == LINK_IDLE ? NULL : "too_slow");
}

void
link_open(struct front *front, int fd)
{
	struct link *link = mem_zalloc(sizeof(*link));

	link->front = front;
	link->length = -1;
	link->watch = (struct watch){ on_events, link, fd, 0 };
	link->timer = (struct timer){ .fn = on_timer, .arg = link };
	link->state = LINK_HEAD;
	front_add(link);
	/* Usually everything has been sent by now. */
	if (!intake_read(link))
		link_settle(link);
}

void
link_retire(struct link *link)
{
	if (!intake_read(link))
		link_close(link, NULL);
}
