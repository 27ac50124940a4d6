#include "http/front_private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static bool
is_open(const struct link *link)
{
	return link->watch.fd >= 0;
}

/* A kept connection stays watched, because the next request needs the watch
 * anyway. If the connection may be handed over, its new owner watches it. */
static bool
watch_running(struct link *link)
{
	struct front *front = link->front;

	if (link->reader.keep && !link->eof && !front->hooks.hands_over)
		return loop_watch(front->loop, &link->watch, EPOLLIN) == OK;
	loop_unwatch(front->loop, &link->watch);
	return true;
}

/* Queues the whole request. */
static void
submit(struct link *link)
{
	struct front *front = link->front;

	if (link->reader.params_err != OK) {
		link_refuse(link, link->reader.params_err);
		return;
	}
	if (!link_has_room(link)) {
		link_refuse(link, ERR_BUSY);
		return;
	}
	/* From here on the connection belongs to a thread, which may be
	 * quick. */
	if (!watch_running(link)) {
		link_close(link, "watch");
		return;
	}
	front_move(link, LINK_RUNNING);
	/* A thread that is done may notify nobody; the deadline does. */
	if (link->reader.keep)
		link_arm(link);
	link->run = RUN_ON;
	link->gone = false;
	if (!threads_add(front->threads, link))
		link_refuse(link, ERR_BUSY);
}

/* The head has arrived, but the body has not. */
static void
admit(struct link *link)
{
	if (!exchange_admit(link)) {
		link_answer(link);
		return;
	}
	if (link->length > (int64_t)link->body.len)
		buf_reserve(&link->body, (size_t)link->length - link->body.len);
	front_move(link, LINK_BODY);
	link_settle(link);
}

/* OK while the body may continue. */
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

/* The refused body has ended; the next request may follow immediately. */
static void
take_end(struct link *link)
{
	if (link->state == LINK_DRAIN && link->answer.left == 0 &&
		link_may_be_kept(link)) {
		link_drop_request(link);
		front_move(link, LINK_IDLE);
	}
}

/* The web server's client has left: the request ends without an answer, but the
 * connection stays. An answer that has begun is sent completely, because after
 * half a record the web server would misread the next one. */
static void
take_abort(struct link *link)
{
	bool keep = link->reader.keep;
	uint16_t id = link->reader.request_id;

	if (link->state == LINK_DRAIN || link->state == LINK_WRITING) {
		link->reader.stage = STAGE_WHOLE;
		take_end(link);
		return;
	}
	link_drop_request(link);
	record_put_end(&link->reader.reply, id, RECORD_COMPLETE);
	link->eof = link->eof || !keep;
	front_move(link, LINK_IDLE);
}

/* Too much is being received in all. A request whose head has not arrived
 * cannot be answered. */
static void
make_room(struct link *link)
{
	if (link->reader.stage == STAGE_BODY)
		link_refuse(link, ERR_BUSY);
	else if (link->reader.stage == STAGE_PARAMS)
		link_close(link, "no_room");
}

/* Acts on the result of all bytes of one read. */
static void
take_stock(struct link *link, enum err err)
{
	if (link->state == LINK_IDLE &&
		(link->reader.stage != STAGE_NONE ||
			record_in_middle(&link->reader)))
		front_move(link, LINK_HEAD);
	if (err != OK)
		link_refuse(link, err);
	else if (link->state == LINK_DRAIN)
		link_advance(link);
	else if (link->state == LINK_WRITING) /* it has been answered */
		link_settle(link);
	else if (link->reader.stage == STAGE_WHOLE)
		submit(link);
	else if (link->reader.stage == STAGE_BODY && link->state == LINK_HEAD)
		admit(link);
	else if (link->reader.stage == STAGE_NONE &&
		(link->eof ||
			(link->state == LINK_IDLE && link->front->stopping)))
		link_close(link, NULL); /* it was aborted */
	else {
		link_settle(link);
		if (is_open(link) && !link_has_room(link))
			make_room(link);
	}
}

/* Management records are answered at once; a peer that does not read the
 * answers is disconnected. */
static bool
send_reply(struct link *link)
{
	struct span reply = buf_span(&link->reader.reply);
	bool sent = reply.len == 0 ||
		(link->answer.left == 0 &&
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
		else if (event == RECORD_ABORTED) {
			take_abort(link);
			err = OK; /* whatever was wrong with it, it is gone */
		} else if (event == RECORD_WHOLE) {
			take_end(link);
		}
	} while (event != RECORD_MORE && event != RECORD_BROKEN);
	if (!send_reply(link) || event == RECORD_BROKEN)
		link_close(link, "not_a_request");
	else
		take_stock(link, err);
}

/* The peer sends nothing more, but may still read its answer. */
static void
take_eof(struct link *link)
{
	link->eof = true;
	if (link->answer.left > 0)
		link_advance(link);
	else
		link_close(link, link->state == LINK_IDLE ? NULL : "gone");
}

/* Returns false if there is nothing to read. */
bool
intake_read(struct link *link)
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
