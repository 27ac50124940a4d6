/*
 * requests.c: GET requests one after the other on each of some kept
 * connections, and a check of every answer.
 *
 * 	requests PORT CONNECTIONS SECONDS GROUPS <TARGETS
 *
 * A line of TARGETS is "PATH ROWS TOKEN". The first answer of each must be a
 * 200 with so many rows, objects that begin with an id; all the others must be
 * the same, byte for byte. Prints JSON; GROUPS is what measure.h calls so.
 */

#include "lib/http1.h"
#include "lib/measure.h"

#include "base/clock.h"
#include "base/loop.h"
#include "base/mem.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define WARM_MS 1000
#define TARGETS_MAX 10000

struct target {
	struct buf request;
	int rows;
	struct buf body; /* as it should be, once *known* */
	bool known;
};

struct client {
	struct watch watch;
	struct http1 in;
	struct target *target;
	struct buf got; /* while the target is not known */
	bool learns, differs;
	int64_t asked_us;
};

static struct {
	int port, seconds;
	struct target targets[TARGETS_MAX];
	size_t n_targets, next;
	struct loop *loop;
	struct meter *meter;
	struct latency *latency;
	struct timer start, stop;
	bool measured;
	uint64_t wrong, bytes;
} job;

static void on_answer(void *arg, uint32_t events);

static void
connect_client(struct client *client)
{
	client->watch = (struct watch){ on_answer, client, dial(job.port), 0 };
	must(loop_watch(job.loop, &client->watch, EPOLLIN) == OK, "watch");
}

static void
ask(struct client *client)
{
	struct target *target = &job.targets[job.next++ % job.n_targets];
	ssize_t n;

	client->target = target;
	client->learns = !target->known;
	client->differs = false;
	client->asked_us = now_us();
	buf_clear(&client->got);
	http1_next(&client->in);
	n = send(client->watch.fd, target->request.data, target->request.len,
		MSG_NOSIGNAL);
	/* The server has just ended a kept connection: on_answer sees it. */
	if (n != (ssize_t)target->request.len && errno != EPIPE &&
		errno != ECONNRESET)
		must(false, "send");
}

static int
count_rows(struct span body)
{
	static const char ROW[] = "{\"id\":\"";
	const char *at = body.data, *end = body.data + body.len;
	int n = 0;

	while ((at = memmem(at, (size_t)(end - at), ROW, sizeof(ROW) - 1)) !=
		NULL) {
		at += sizeof(ROW) - 1;
		n++;
	}
	return n;
}

static void
take_body(void *arg, struct span piece)
{
	struct client *client = arg;
	const struct buf *body = &client->target->body;
	size_t offset = client->in.body_len - piece.len;

	if (client->learns)
		buf_put_span(&client->got, piece);
	else if (offset + piece.len > body->len ||
		memcmp(body->data + offset, piece.data, piece.len) != 0)
		client->differs = true;
}

/* Whether the answer is the right one; learns it when it is the first. */
static bool
judge(struct client *client)
{
	struct target *target = client->target;

	if (client->in.status != 200 || client->differs)
		return false;
	if (!client->learns)
		return client->in.body_len == target->body.len;
	if (count_rows(buf_span(&client->got)) != target->rows)
		return false;
	if (target->known)
		return span_equal(
			buf_span(&client->got), buf_span(&target->body));
	target->known = true;
	buf_move(&target->body, &client->got);
	return true;
}

static void
reconnect(struct client *client)
{
	loop_unwatch(job.loop, &client->watch);
	close(client->watch.fd);
	connect_client(client);
}

static void
finish(struct client *client)
{
	bool close_it = client->in.close || !client->in.whole;

	if (!client->in.whole || !judge(client))
		job.wrong++;
	else if (job.measured)
		latency_add(job.latency, now_us() - client->asked_us);
	if (job.measured)
		job.bytes += client->in.body_len;
	if (close_it)
		reconnect(client);
	ask(client);
}

static void
on_answer(void *arg, uint32_t events)
{
	struct client *client = arg;
	static char bytes[65536];
	ssize_t n;

	(void)events;
	while ((n = recv(client->watch.fd, bytes, sizeof(bytes),
			MSG_DONTWAIT)) > 0) {
		struct span in = { bytes, (size_t)n };

		if (!http1_feed(&client->in, &in, take_body, client) ||
			client->in.whole)
			break;
		if ((size_t)n < sizeof(bytes))
			return;
	}
	if (client->in.whole || client->in.broken) {
		finish(client);
	} else if (n == 0 || errno != EAGAIN) {
		http1_end(&client->in);
		/* Nothing has come: the connection was idle too long. */
		if (client->in.head_done) {
			finish(client);
			return;
		}
		reconnect(client);
		ask(client);
	}
}

static void
on_start(void *arg)
{
	(void)arg;
	job.measured = true;
	meter_start(job.meter);
}

static void
on_stop(void *arg)
{
	(void)arg;
	meter_stop(job.meter);
	loop_stop(job.loop);
}

static void
read_targets(void)
{
	char path[512], token[2048];
	int rows;

	while (job.n_targets < TARGETS_MAX &&
		scanf("%511s %d %2047s", path, &rows, token) == 3) {
		struct target *target = &job.targets[job.n_targets++];

		target->rows = rows;
		buf_printf(&target->request,
			"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
			"Authorization: Bearer %s\r\n\r\n",
			path, token);
	}
	must(job.n_targets > 0, "no targets");
}

int
main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr,
			"usage: requests PORT CONNECTIONS SECONDS "
			"GROUPS <TARGETS\n");
		return 2;
	}
	job.port = atoi(argv[1]);
	job.seconds = atoi(argv[3]);
	job.meter = meter_new(argv[4]);
	job.latency = latency_new();
	read_targets();
	must(loop_open(&job.loop) == OK, "loop");
	for (int i = 0; i < atoi(argv[2]); i++) {
		struct client *client = mem_zalloc(sizeof(*client));

		connect_client(client);
		ask(client);
	}
	job.start = (struct timer){ .fn = on_start };
	job.stop = (struct timer){ .fn = on_stop };
	loop_timer_set(job.loop, &job.start, clock_mono_ms() + WARM_MS);
	loop_timer_set(job.loop, &job.stop,
		clock_mono_ms() + WARM_MS + job.seconds * INT64_C(1000));
	loop_run(job.loop);
	printf("{\"seconds\":%d,\"answers\":%" PRIu64 ",\"wrong\":%" PRIu64
	       ",\"bytes\":%" PRIu64 ",",
		job.seconds, latency_count(job.latency), job.wrong, job.bytes);
	latency_print(job.latency);
	printf(",");
	meter_print(job.meter);
	printf("}\n");
	return 0;
}
