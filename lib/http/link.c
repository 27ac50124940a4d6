#include "http/front_private.h"

#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Past this a body is a large one, of which there may be few at a time. */
#define LARGE ((size_t)64 << 10)

static bool
is_open(const struct link *link)
{
	return link->watch.fd >= 0;
}

/* ---- what it holds, and until when */

static void
count(struct link *link)
{
	struct front *front = link->front;
	size_t in = link->reader.params.len + link->body.len;
	size_t out = link->out.len;

	front->held_in += in - link->counted_in;
	front->held_out += out - link->counted_out;
	link->counted_in = in;
	link->counted_out = out;
}

/* Large bodies leave a quarter to small ones, which are most. */
static bool
has_room(const struct link *link)
{
	const struct front *front = link->front;
	size_t max = front->held_max;

	return front->held_in <= (link->body.len > LARGE ? max - max / 4 : max);
}

static int64_t
deadline(const struct link *link)
{
	const struct front *front = link->front;
	int64_t ms = link->since_ms + front->conf->read_timeout_ms;

	switch (link->state) {
	case LINK_IDLE:
		ms = link->since_ms + FRONT_IDLE_MS;
		break;
	case LINK_BODY:
		ms += (int64_t)(link->received * 1000 / FRONT_RATE_MIN);
		break;
	case LINK_WRITING:
		ms += (int64_t)(link->sent * 1000 / FRONT_RATE_MIN);
		break;
	case LINK_HEAD:
	case LINK_DRAIN:
	case LINK_RUNNING:
	case LINK_STATES:
		break;
	}
	return MIN(ms, front->stop_ms);
}

/* A timer that comes too early asks again, so it is seldom moved. */
static void
arm(struct link *link)
{
	int64_t due_ms = deadline(link);

	if (link->timer.slot == 0 || link->timer.due_ms > due_ms)
		loop_timer_set(link->front->loop, &link->timer, due_ms);
}

/* To be called when something has happened to an open connection that is not
 * running. */
static void
settle(struct link *link)
{
	uint32_t events = link->eof ? 0 : EPOLLIN;

	count(link);
	if (link->out.len > 0)
		events |= EPOLLOUT;
	arm(link);
	if (loop_watch(link->front->loop, &link->watch, events) != OK)
		link_close(link, "watch");
}

/* ---- the end */

void
link_close(struct link *link, const char *why)
{
	if (why != NULL)
		log_info("peer_closed", "why=%s unsent=%zu", why,
			link->out.len - link->sent);
	loop_unwatch(link->front->loop, &link->watch);
	close(link->watch.fd);
	link->watch.fd = -1;
	front_forget(link);
}

/* The request and what it held. */
static void
drop_request(struct link *link)
{
	record_reset(&link->reader);
	buf_free(&link->body);
	buf_free(&link->out);
	link->sent = link->received = 0;
	link->length = -1;
}

/* The request is answered, and nothing of it is still to come. */
static void
finish(struct link *link)
{
	bool keep = link->reader.keep && !link->eof && !link->front->stopping;

	if (!keep) {
		link_close(link, NULL);
		return;
	}
	drop_request(link);
	front_move(link, LINK_IDLE);
	settle(link);
}

/* ---- writing */

bool
link_send(struct link *link)
{
	struct buf *out = &link->out;
	ssize_t n;

	while (link->sent < out->len) {
		n = send(link->watch.fd, out->data + link->sent,
			out->len - link->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return true;
		if (n < 0) {
			log_info("peer_gone", "unsent=%zu",
				out->len - link->sent);
			return false;
		}
		link->sent += (size_t)n;
	}
	buf_free(out);
	link->sent = 0;
	return true;
}

/* Sends, and closes a connection that is broken. False: it is closed. */
static bool
flush(struct link *link)
{
	if (link_send(link))
		return true;
	link_close(link, NULL);
	return false;
}

/* Those who have been reading longest lose their answers when there are more
 * than there may be. */
static void
cut_slow_readers(struct front *front)
{
	while (front->held_out > front->held_max &&
		front->lists[LINK_WRITING].first != NULL)
		link_close(front->lists[LINK_WRITING].first, "no_room");
}

/* Something of the answer or of the request may have come to its end. */
static void
advance(struct link *link)
{
	bool sent = link->out.len == 0;
	bool whole = link->reader.stage == STAGE_WHOLE || link->eof;

	if (sent && whole) {
		finish(link);
		return;
	}
	if (sent && !link->reader.keep) /* see the end before we close */
		shutdown(link->watch.fd, SHUT_WR);
	if (whole && link->state != LINK_WRITING)
		front_move(link, LINK_WRITING);
	settle(link);
	cut_slow_readers(link->front);
}

/* There is an answer in link->out. What is still coming of the request is
 * read and dropped, or the answer would be reset with it. */
static void
answer(struct link *link)
{
	if (!flush(link))
		return;
	buf_free(&link->body);
	link->received = 0;
	front_move(link,
		link->reader.stage == STAGE_WHOLE ? LINK_WRITING : LINK_DRAIN);
	advance(link);
}

static void
refuse(struct link *link, enum err err)
{
	exchange_refuse(link, err);
	answer(link);
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
		answer(link);
	}
}

/* ---- reading */

/* The request is whole. */
static void
submit(struct link *link)
{
	struct front *front = link->front;

	if (link->reader.params_err != OK) {
		refuse(link, link->reader.params_err);
		return;
	}
	count(link);
	if (!has_room(link)) {
		refuse(link, ERR_BUSY);
		return;
	}
	/* From here on a thread's, which may be quick. */
	loop_unwatch(front->loop, &link->watch);
	front_move(link, LINK_RUNNING);
	if (!threads_add(front->threads, link))
		refuse(link, ERR_BUSY);
}

/* The head is here and the body is not. */
static void
admit(struct link *link)
{
	if (!exchange_admit(link)) {
		answer(link);
		return;
	}
	if (link->length > (int64_t)link->body.len)
		buf_reserve(&link->body, (size_t)link->length - link->body.len);
	front_move(link, LINK_BODY);
	settle(link);
}

/* OK while the body may go on. */
static enum err
take_body(struct link *link, struct span piece)
{
	link->received += piece.len;
	if (link->state == LINK_DRAIN)
		return OK;
	if (link->state == LINK_BODY && link->length >= 0 &&
		link->received > (size_t)link->length)
		return ERR_INVALID;
	if (link->state == LINK_BODY && link->received > link->body_max)
		return ERR_TOO_BIG;
	buf_put_span(&link->body, piece);
	return OK;
}

/* The web server's client has left: the request is over without an answer,
 * the connection is not. */
static void
take_abort(struct link *link)
{
	bool keep = link->reader.keep;
	uint16_t id = link->reader.request_id;

	if (link->state == LINK_DRAIN) {
		link->reader.stage = STAGE_WHOLE;
		return;
	}
	drop_request(link);
	record_put_end(&link->reader.reply, id, RECORD_COMPLETE);
	link->eof = link->eof || !keep;
	front_move(link, LINK_IDLE);
}

/* What all the bytes of one read have led to. */
static void
take_stock(struct link *link, enum err err)
{
	if (link->state == LINK_IDLE &&
		(link->reader.stage != STAGE_NONE ||
			record_in_middle(&link->reader)))
		front_move(link, LINK_HEAD);
	if (err != OK)
		refuse(link, err);
	else if (link->state == LINK_DRAIN)
		advance(link);
	else if (link->reader.stage == STAGE_WHOLE)
		submit(link);
	else if (link->reader.stage == STAGE_BODY && link->state == LINK_HEAD)
		admit(link);
	else if (link->reader.stage == STAGE_NONE && link->eof)
		link_close(link, NULL); /* aborted */
	else {
		settle(link);
		if (is_open(link) && !has_room(link) &&
			link->reader.stage == STAGE_BODY)
			refuse(link, ERR_BUSY);
	}
}

/* Management records are answered at once; a peer that does not read the
 * answers is none. */
static bool
send_reply(struct link *link)
{
	struct span reply = buf_span(&link->reader.reply);
	bool sent = reply.len == 0 ||
		(link->out.len == 0 &&
			send(link->watch.fd, reply.data, reply.len,
				MSG_NOSIGNAL | MSG_DONTWAIT) ==
				(ssize_t)reply.len);

	buf_free(&link->reader.reply);
	return sent;
}

static void
take(struct link *link, struct span in)
{
	enum record_event event;
	enum err err = OK;
	struct span piece;

	do {
		event = record_read(&link->reader, &in, &piece);
		if (event == RECORD_BODY && err == OK)
			err = take_body(link, piece);
		else if (event == RECORD_ABORTED)
			take_abort(link);
	} while (event != RECORD_MORE && event != RECORD_BROKEN);
	if (!send_reply(link) || event == RECORD_BROKEN)
		link_close(link, "not_a_request");
	else
		take_stock(link, err);
}

/* The peer sends no more. It may still read what it has asked for. */
static void
take_eof(struct link *link)
{
	link->eof = true;
	if (link->out.len > 0)
		advance(link);
	else
		link_close(link, link->state == LINK_IDLE ? NULL : "gone");
}

/* False: there is nothing to read. */
static bool
read_some(struct link *link)
{
	char *scratch = link->front->scratch;
	ssize_t n = recv(link->watch.fd, scratch, SCRATCH_SIZE, MSG_DONTWAIT);

	if (n > 0)
		take(link, (struct span){ scratch, (size_t)n });
	else if (n == 0)
		take_eof(link);
	else if (errno != EAGAIN && errno != EINTR)
		link_close(link, "read");
	else
		return false;
	return true;
}

/* ---- events */

static void
on_events(void *arg, uint32_t events)
{
	struct link *link = arg;

	if ((events & EPOLLOUT) != 0 && link->out.len > 0) {
		if (!flush(link))
			return;
		advance(link);
	} else if (link->eof) { /* and now it does not even read */
		link_close(link, "gone");
	} else if (!read_some(link)) {
		settle(link);
	}
}

static void
on_timer(void *arg)
{
	struct link *link = arg;

	if (link->state == LINK_RUNNING)
		return;
	if (deadline(link) > loop_now_ms(link->front->loop))
		arm(link);
	else if (link->state == LINK_BODY && !link->front->stopping)
		refuse(link, ERR_INVALID);
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
	link->state = LINK_RUNNING; /* in no list yet */
	front->n_links++;
	front_move(link, LINK_HEAD);
	/* Most have sent all by now. */
	if (!read_some(link))
		settle(link);
}

void
link_retire(struct link *link)
{
	if (!read_some(link))
		link_close(link, NULL);
}
