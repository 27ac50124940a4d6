/*
 * reader.c: what FastCGI allows: one thread with an event loop on kept
 * connections, which reads records by our own reader (http/record.h) and
 * answers what the file says, without libfcgi, a database or a check.
 *
 * 	reader FILE	its listening socket is descriptor 0
 */

#include "lib/canned.h"
#include "lib/measure.h"

#include "base/loop.h"
#include "base/mem.h"
#include "http/record.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static struct buf answer;
static struct loop *loop;
static struct watch door;

struct caller {
	struct watch watch;
	struct record_reader reader;
	struct buf out;
};

static void
free_caller(void *arg)
{
	struct caller *caller = arg;

	record_reader_free(&caller->reader);
	buf_free(&caller->out);
	free(caller);
}

static void
leave(struct caller *caller)
{
	loop_unwatch(loop, &caller->watch);
	close(caller->watch.fd);
	loop_free_later(loop, free_caller, caller);
}

/* Answers are small beside a socket's buffer: no queue is needed. */
static bool
reply(struct caller *caller)
{
	uint16_t id = caller->reader.request_id;

	buf_clear(&caller->out);
	record_put(&caller->out, RECORD_STDOUT, id, buf_span(&answer));
	record_put_eof(&caller->out, RECORD_STDOUT, id);
	record_put_end(&caller->out, id, RECORD_COMPLETE);
	record_reset(&caller->reader);
	return send(caller->watch.fd, caller->out.data, caller->out.len,
		       MSG_NOSIGNAL) == (ssize_t)caller->out.len;
}

static bool
take(struct caller *caller, struct span in)
{
	struct span piece;

	for (;;) {
		switch (record_read(&caller->reader, &in, &piece)) {
		case RECORD_MORE:
			return true;
		case RECORD_WHOLE:
			if (!reply(caller))
				return false;
			break;
		case RECORD_HEAD:
		case RECORD_BODY:
			break;
		case RECORD_ABORTED:
		case RECORD_BROKEN:
			return false;
		}
	}
}

static void
on_bytes(void *arg, uint32_t events)
{
	struct caller *caller = arg;
	char bytes[16384];
	ssize_t n = recv(caller->watch.fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	(void)events;
	if (n <= 0 || !take(caller, (struct span){ bytes, (size_t)n }))
		leave(caller);
}

static void
on_caller(void *arg, uint32_t events)
{
	struct caller *caller;
	int fd;

	(void)arg;
	(void)events;
	while ((fd = accept4(0, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		caller = mem_zalloc(sizeof(*caller));
		caller->watch = (struct watch){ on_bytes, caller, fd, 0 };
		must(loop_watch(loop, &caller->watch, EPOLLIN) == OK, "watch");
	}
}

int
main(int argc, char **argv)
{
	must(argc == 2, "usage: reader FILE");
	canned_read(argv[1], &answer);
	must(fcntl(0, F_SETFL, O_NONBLOCK) == 0, "fcntl");
	must(loop_open(&loop) == OK, "loop");
	door = (struct watch){ on_caller, NULL, 0, 0 };
	must(loop_watch(loop, &door, EPOLLIN) == OK, "watch");
	loop_run(loop);
	return EXIT_SUCCESS;
}
