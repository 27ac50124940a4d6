#include "llm/multi.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <sys/epoll.h>

/* How often multi_look() looks; some hundred descriptors each time. */
#define LOOKS_MAX 16

/* A descriptor that libcurl wants watched. */
struct sock {
	struct watch watch;
	struct loop *loop; /* which watches it: multi's loop or its later one */
	struct multi *multi;
	CURL *easy; /* the transfer that uses it: upstream.c forces HTTP/1.1 */
};

static void
act(struct multi *multi, curl_socket_t fd, int flags)
{
	CURLMsg *message;
	int left;

	curl_multi_socket_action(multi->handle, fd, flags, &left);
	while ((message = curl_multi_info_read(multi->handle, &left)) != NULL)
		if (message->msg == CURLMSG_DONE)
			multi->on_done(
				message->easy_handle, message->data.result);
}

static void
on_event(void *arg, uint32_t events)
{
	struct sock *sock = arg;
	int flags = 0;

	if ((events & (EPOLLIN | EPOLLHUP)) != 0)
		flags |= CURL_CSELECT_IN;
	if ((events & EPOLLOUT) != 0)
		flags |= CURL_CSELECT_OUT;
	if ((events & EPOLLERR) != 0)
		flags |= CURL_CSELECT_ERR;
	sock->multi->current = sock;
	act(sock->multi, sock->watch.fd, flags);
	sock->multi->current = NULL;
}

static void
on_timer(void *arg)
{
	act(arg, CURL_SOCKET_TIMEOUT, 0);
}

static void
forget(struct multi *multi, struct sock *sock)
{
	if (sock == NULL)
		return;
	if (multi->current == sock)
		multi->current = NULL;
	loop_unwatch(sock->loop, &sock->watch);
	if (multi->closing)
		free(sock);
	else
		loop_free_later(multi->loop, free, sock);
}

static struct sock *
new_sock(struct multi *multi, curl_socket_t fd)
{
	struct sock *sock = mem_zalloc(sizeof(*sock));

	sock->multi = multi;
	sock->loop = multi->loop;
	sock->watch.fn = on_event;
	sock->watch.arg = sock;
	sock->watch.fd = fd;
	curl_multi_assign(multi->handle, fd, sock);
	return sock;
}

/* If it cannot be watched (logged by the loop), the call runs into its timeout;
 * an error to libcurl would end all calls. */
static void
watch(struct sock *sock, uint32_t events)
{
	if (loop_watch(sock->loop, &sock->watch, events) != OK)
		loop_unwatch(sock->loop, &sock->watch);
}

/* libcurl waits for something else on a descriptor. */
static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	struct multi *multi = arg;
	struct sock *sock = known;
	uint32_t events = 0;

	if (what == CURL_POLL_REMOVE) {
		forget(multi, sock);
		return 0;
	}
	if (sock == NULL)
		sock = new_sock(multi, fd);
	sock->easy = easy;
	if ((what & CURL_POLL_IN) != 0)
		events |= EPOLLIN;
	if ((what & CURL_POLL_OUT) != 0)
		events |= EPOLLOUT;
	watch(sock, events);
	return 0;
}

/* Must not call back into libcurl, so 0 ms means the loop's next iteration. */
static int
set_timer(CURLM *handle, long timeout_ms, void *arg)
{
	struct multi *multi = arg;

	(void)handle;
	if (timeout_ms < 0)
		loop_timer_clear(multi->loop, &multi->timer);
	else
		loop_timer_set(multi->loop, &multi->timer,
			clock_mono_ms() + timeout_ms);
	return 0;
}

/* ---- descriptors that may wait */

/* Some of them; the loop comes back for the others. */
static void
on_later(void *arg, uint32_t events)
{
	struct multi *multi = arg;

	(void)events;
	(void)loop_look(multi->later);
}

void
multi_look(struct multi *multi)
{
	for (int n = 1; loop_look(multi->later) && n < LOOKS_MAX; n++)
		;
}

void
multi_hold(struct multi *multi, bool hold)
{
	/* Without memory for that (logged by the loop), the next call tries
	 * again. */
	if (loop_watch(multi->loop, &multi->look, hold ? 0 : EPOLLIN) != OK)
		loop_unwatch(multi->loop, &multi->look);
}

void
multi_may_wait(struct multi *multi, CURL *easy)
{
	struct sock *sock = multi->current;
	uint32_t events;

	/* libcurl also runs what waited for time: others than its transfer. */
	if (sock == NULL || sock->easy != easy || sock->loop == multi->later)
		return;
	events = sock->watch.events;
	loop_unwatch(sock->loop, &sock->watch);
	sock->loop = multi->later;
	watch(sock, events);
}

/* ---- opening and closing */

void
multi_open(struct multi *multi, struct loop *loop, long max_idle,
	void (*on_done)(CURL *easy, CURLcode code))
{
	*multi = (struct multi){ .loop = loop, .on_done = on_done };
	multi->timer.fn = on_timer;
	multi->timer.arg = multi;
	if (loop_open(&multi->later) != OK)
		abort();
	multi->look = (struct watch){
		.fn = on_later, .arg = multi, .fd = loop_fd(multi->later)
	};
	multi_hold(multi, false);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
		(multi->handle = curl_multi_init()) == NULL)
		abort();
	curl_multi_setopt(multi->handle, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(multi->handle, CURLMOPT_SOCKETDATA, multi);
	curl_multi_setopt(multi->handle, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(multi->handle, CURLMOPT_TIMERDATA, multi);
	curl_multi_setopt(multi->handle, CURLMOPT_MAXCONNECTS, max_idle);
}

void
multi_close(struct multi *multi)
{
	multi->closing = true;
	curl_multi_cleanup(multi->handle);
	loop_timer_clear(multi->loop, &multi->timer);
	loop_unwatch(multi->loop, &multi->look);
	loop_close(multi->later);
	curl_global_cleanup();
}
