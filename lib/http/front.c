#include "http/front_private.h"

#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define LISTEN_FD 0
#define ACCEPTS_MAX 64 /* per turn, before other events are handled */
#define PAUSE_MS 100
#define TRIM_MS 1000
#define LOG_GAP_MS 1000 /* between two log lines about the same failure */

/* ---- the lists */

static void
leave_list(struct link *link)
{
	list_remove(&link->place);
	link->front->lists[link->state].n--;
}

static void
join_list(struct link *link)
{
	struct link_list *list = &link->front->lists[link->state];

	list_add(&list->all, &link->place);
	list->n++;
}

struct link *
front_first(const struct front *front, enum link_state state)
{
	return LIST_FIRST(&front->lists[state].all, struct link, place);
}

void
front_move(struct link *link, enum link_state state)
{
	struct front *front = link->front;

	leave_list(link);
	link->state = state;
	link->since_ms = loop_now_ms(front->loop);
	join_list(link);
	if (front->lists[LINK_IDLE].n > FRONT_IDLE_MAX)
		link_close(front_first(front, LINK_IDLE), NULL);
}

/* ---- memory */

/* malloc keeps memory of a large request for later ones, separately for each
 * thread: 75 MB after a few long histories. */
static void
on_trim(void *arg)
{
	(void)arg;
	malloc_trim(0);
}

void
front_trim(struct link *link)
{
	struct front *front = link->front;

	if (link->large && front->trim.slot == 0)
		loop_timer_set(front->loop, &front->trim,
			loop_now_ms(front->loop) + TRIM_MS);
	link->large = false;
}

static void
free_link(void *arg)
{
	struct link *link = arg;

	record_reader_free(&link->reader);
	buf_free(&link->body);
	answer_drop(&link->answer);
	free(link);
}

void
front_forget(struct link *link)
{
	struct front *front = link->front;

	front->held_in -= link->counted_in;
	front->held_out -= link->counted_out;
	front_trim(link);
	loop_timer_clear(front->loop, &link->timer);
	leave_list(link);
	loop_free_later(front->loop, free_link, link);
	front->n_links--;
	if (front->stopping && front->n_links == 0)
		loop_stop(front->loop);
}

/* Takes back all connections whose threads have finished. */
static void
collect(struct front *front)
{
	struct link *link = front_first(front, LINK_RUNNING), *next;

	for (; link != NULL; link = next) {
		next = LIST_NEXT(&front->lists[LINK_RUNNING].all, link,
			struct link, place);
		(void)link_collect(link);
	}
}

void
front_add(struct link *link)
{
	struct front *front = link->front;

	front->n_links++;
	link->since_ms = loop_now_ms(front->loop);
	join_list(link);
	if (front->n_links > FRONT_IDLE_MAX)
		collect(front);
}

/* ---- accepting */

/* Without descriptors or memory, closes an idle connection to make room. If
 * there is none, accepts again later, because the socket stays readable. */
static bool
make_room(struct front *front)
{
	struct link *oldest;
	int error = errno;

	collect(front);
	oldest = front_first(front, LINK_IDLE);
	if (front->logged_ms + LOG_GAP_MS < loop_now_ms(front->loop)) {
		front->logged_ms = loop_now_ms(front->loop);
		log_error("accept_failed", "errno=%d idle=%zu", error,
			front->lists[LINK_IDLE].n);
	}
	if (oldest != NULL) {
		link_close(oldest, NULL);
		return true;
	}
	loop_unwatch(front->loop, &front->listen);
	loop_timer_set(front->loop, &front->again,
		loop_now_ms(front->loop) + PAUSE_MS);
	return false;
}

static void
on_listen(void *arg, uint32_t events)
{
	struct front *front = arg;
	int fd;

	(void)events;
	for (int i = 0; i < ACCEPTS_MAX; i++) {
		fd = accept4(
			LISTEN_FD, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0)
			link_open(front, fd);
		else if (errno == EAGAIN ||
			(errno != EINTR && errno != ECONNABORTED &&
				!make_room(front)))
			return;
	}
}

static void
listen_again(struct front *front)
{
	if (loop_watch(front->loop, &front->listen, EPOLLIN) != OK)
		loop_timer_set(front->loop, &front->again,
			loop_now_ms(front->loop) + PAUSE_MS);
}

/* ---- stopping */

/* Stops waiting for peers; only running requests remain. */
static void
close_all(struct front *front)
{
	for (int state = 0; state < LINK_STATES; state++)
		while (state != LINK_RUNNING &&
			front_first(front, (enum link_state)state) != NULL)
			link_close(front_first(front, (enum link_state)state),
				"stopped");
}

/*
 * Closes a connection that has carried a request and waits for another. The
 * next request may already be on its way: then the web server repeats it on a
 * new connection if that is safe, so conf/ uses kept connections only for GET
 * and HEAD. A new connection may still send its first request.
 */
static void
begin_stop(void *arg)
{
	struct front *front = arg;

	front->stopping = true;
	front->stop_ms = loop_now_ms(front->loop) + FRONT_STOP_MS;
	loop_unwatch(front->loop, &front->listen);
	loop_timer_set(front->loop, &front->again, front->stop_ms);
	collect(front);
	while (front_first(front, LINK_IDLE) != NULL)
		link_retire(front_first(front, LINK_IDLE));
	if (front->n_links == 0)
		loop_stop(front->loop);
}

static void
on_again(void *arg)
{
	struct front *front = arg;

	if (front->stopping)
		close_all(front);
	else
		listen_again(front);
}

void
front_stop(struct front *front)
{
	loop_post(front->loop, begin_stop, front);
	pthread_join(front->thread, NULL);
	threads_close(front->threads);
	loop_close(front->loop);
	free(front);
}

/* ---- starting */

static bool
is_listening(int fd)
{
	int yes = 0;
	socklen_t len = sizeof(yes);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &yes, &len) == 0 &&
		yes;
}

static void *
run(void *arg)
{
	struct front *front = arg;

	loop_run(front->loop);
	return NULL;
}

/* There must be room for a body of the largest size and another one. */
static size_t
held_max(const struct http_conf *conf)
{
	return (size_t)MAX(conf->buffer_max, 2 * conf->body_max);
}

enum err
front_start(const struct http_conf *conf, const struct front_hooks *hooks,
	struct front **out)
{
	struct front *front;

	if (!is_listening(LISTEN_FD)) {
		log_error("no_socket",
			"detail=\"standard input must be the listening socket: "
			"start this program with spawn-fcgi, systemd or "
			"mod_fcgid\"");
		return ERR_INVALID;
	}
	fcntl(LISTEN_FD, F_SETFL, fcntl(LISTEN_FD, F_GETFL) | O_NONBLOCK);
	front = mem_zalloc(sizeof(*front));
	front->conf = conf;
	front->hooks = *hooks;
	if (front->hooks.idle_ms == 0)
		front->hooks.idle_ms = FRONT_IDLE_MS;
	front->held_max = held_max(conf);
	front->stop_ms = INT64_MAX;
	front->logged_ms = -LOG_GAP_MS;
	front->listen = (struct watch){ on_listen, front, LISTEN_FD, 0 };
	front->again = (struct timer){ .fn = on_again, .arg = front };
	front->trim = (struct timer){ .fn = on_trim };
	for (int state = 0; state < LINK_STATES; state++)
		list_open(&front->lists[state].all);
	if (loop_open(&front->loop) != OK) {
		free(front);
		return ERR_BUSY;
	}
	front->threads = threads_open(front);
	listen_again(front);
	if (pthread_create(&front->thread, NULL, run, front) != 0)
		abort();
	*out = front;
	return OK;
}
