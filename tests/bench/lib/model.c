#include "model.h"

#include "http1.h"
#include "measure.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/loop.h"
#include "base/mem.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK                                                                \
	"data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\"," \
	"\"created\":1700000000,\"model\":\"bench\",\"choices\":[{"          \
	"\"index\":0,\"delta\":"

struct talk {
	struct watch watch;
	struct timer timer;
	struct loop *loop;
	const struct model *model;
	struct http1 request;
	struct buf out;
	int64_t next_ms;
	int said;
	bool over;
};

struct door {
	struct watch watch;
	struct loop *loop;
	const struct model *model;
};

static void
free_talk(void *arg)
{
	struct talk *talk = arg;

	http1_free(&talk->request);
	buf_free(&talk->out);
	free(talk);
}

static void
end_talk(struct talk *talk)
{
	loop_timer_clear(talk->loop, &talk->timer);
	loop_unwatch(talk->loop, &talk->watch);
	close(talk->watch.fd);
	loop_free_later(talk->loop, free_talk, talk);
}

/* What the socket does not take waits: with a slow worker that is part of the
 * latency that is measured. */
static void
flush(struct talk *talk)
{
	ssize_t n = send(talk->watch.fd, talk->out.data, talk->out.len,
		MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n > 0)
		buf_consume(&talk->out, (size_t)n);
	if (talk->out.len == 0 && talk->over)
		end_talk(talk);
	else
		must(loop_watch(talk->loop, &talk->watch,
			     talk->out.len > 0 ? EPOLLIN | EPOLLOUT
					       : EPOLLIN) == OK,
			"watch");
}

static void
put_content(struct talk *talk, char mark, int64_t number)
{
	buf_printf(&talk->out,
		CHUNK "{\"content\":\"%c%" PRId64 " \"},"
		      "\"finish_reason\":null}]}\n\n",
		mark, number);
}

static void
put_token(struct talk *talk)
{
	put_content(
		talk, '@', (now_us() - talk->model->begin_us) / MODEL_STEP_US);
	talk->said++;
}

static void
put_end(struct talk *talk)
{
	put_content(talk, '~', talk->said);
	buf_puts(&talk->out,
		CHUNK "{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
	talk->over = true;
}

/* The second token comes at any moment before its time: streams that begin
 * together do not go on in step, as those of real models do not. */
static void
say_next(void *arg)
{
	struct talk *talk = arg;
	int64_t step_ms = 1000 / talk->model->rate;

	if (clock_mono_ms() >= talk->model->end_ms) {
		put_end(talk);
	} else {
		put_token(talk);
		talk->next_ms += step_ms;
		if (talk->said == 1)
			talk->next_ms -= random() % step_ms;
		loop_timer_set(talk->loop, &talk->timer, talk->next_ms);
	}
	flush(talk);
}

static void
begin(struct talk *talk)
{
	buf_puts(&talk->out,
		"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
		"Connection: close\r\n\r\n");
	talk->next_ms = loop_now_ms(talk->loop);
	if (talk->model->rate > 0) {
		say_next(talk);
		return;
	}
	while (talk->said < talk->model->tokens)
		put_token(talk);
	put_end(talk);
	flush(talk);
}

static void
ignore(void *arg, struct span piece)
{
	(void)arg;
	(void)piece;
}

static void
on_request(void *arg, uint32_t events)
{
	struct talk *talk = arg;
	char bytes[16384];
	ssize_t n = recv(talk->watch.fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	struct span in = { bytes, n > 0 ? (size_t)n : 0 };
	bool asked = talk->request.whole;

	if (n == 0 || (events & (EPOLLHUP | EPOLLERR)) != 0 ||
		!http1_feed(&talk->request, &in, ignore, NULL)) {
		end_talk(talk);
		return;
	}
	if (!asked && talk->request.whole)
		begin(talk);
	else if ((events & EPOLLOUT) != 0)
		flush(talk);
}

static void
on_caller(void *arg, uint32_t events)
{
	struct door *door = arg;
	struct talk *talk;
	int fd;

	(void)events;
	while ((fd = accept4(door->watch.fd, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		talk = mem_zalloc(sizeof(*talk));
		talk->loop = door->loop;
		talk->model = door->model;
		talk->request.request = true;
		talk->watch = (struct watch){ on_request, talk, fd, 0 };
		talk->timer = (struct timer){ .fn = say_next, .arg = talk };
		must(loop_watch(door->loop, &talk->watch, EPOLLIN) == OK,
			"watch");
	}
}

static void *
run(void *arg)
{
	struct door *door = arg;

	loop_run(door->loop);
	return NULL;
}

void
model_start(const struct model *model)
{
	struct sockaddr_in to = loopback(model->port);
	struct door *door = mem_zalloc(sizeof(*door));
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
	pthread_t thread;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	must(bind(fd, (struct sockaddr *)&to, sizeof(to)) == 0, "bind");
	must(listen(fd, 4096) == 0, "listen");
	must(loop_open(&door->loop) == OK, "loop");
	door->model = model;
	door->watch = (struct watch){ on_caller, door, fd, 0 };
	must(loop_watch(door->loop, &door->watch, EPOLLIN) == OK, "watch");
	must(pthread_create(&thread, NULL, run, door) == 0, "thread");
}
