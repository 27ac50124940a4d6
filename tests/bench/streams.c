/*
 * streams.c: many live streams at a steady pace, through the web server of a
 * running instance. Plays both ends: the model (every token carries the time it
 * was sent, and is some eight characters long) and the browsers, and reads the CPU time and memory of the
 * processes between from /proc.
 *
 * 	streams VAR PORT TOKEN UPSTREAM_PORT STREAMS RATE SECONDS
 *
 * The instance must use http://127.0.0.1:UPSTREAM_PORT/v1 as its model. Prints
 * a row of figures for the steady part, after all streams have begun;
 * tests/bench/run starts it all.
 */

#include "base/buf.h"
#include "base/clock.h"
#include "base/loop.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define RAMP_PER_S 250
#define LATENCY_MAX_MS 10000
#define LATENCY_STEPS (LATENCY_MAX_MS * 10) /* a tenth of a millisecond each */

static struct {
	const char *var, *token;
	int port, upstream_port;
	int n_streams, rate, seconds;
	int64_t begin_us; /* what the times in tokens count from */
	int64_t steady_ms; /* from when on it is measured */
	int64_t end_ms; /* when the model stops talking */
} job;

static struct {
	uint64_t tokens, finished, broken;
	uint32_t latency[LATENCY_STEPS + 1];
} seen;

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* Tenths of a millisecond since the beginning: the steps of latencies. */
static int64_t
now_steps(void)
{
	return (now_us() - job.begin_us) / 100;
}

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(EXIT_FAILURE);
}

static struct sockaddr_in
address(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
}

/* ---- the model */

struct talk {
	struct watch watch;
	struct timer timer;
	struct loop *loop;
	bool started;
	int64_t next_ms;
};

static void
send_text(int fd, const char *text)
{
	/* A full buffer would mean that the worker does not read: a failure of
	 * the run, which the count of tokens shows. */
	if (send(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return;
}

static void
end_talk(struct talk *talk)
{
	loop_timer_clear(talk->loop, &talk->timer);
	loop_unwatch(talk->loop, &talk->watch);
	close(talk->watch.fd);
	loop_free_later(talk->loop, free, talk);
}

static void
say_token(void *arg)
{
	struct talk *talk = arg;
	char line[256];

	if (clock_mono_ms() >= job.end_ms) {
		send_text(talk->watch.fd,
			"data: {\"choices\":[{\"index\":0,\"delta\":{},"
			"\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
		end_talk(talk);
		return;
	}
	snprintf(line, sizeof(line),
		"data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\","
		"\"created\":1700000000,\"model\":\"bench\",\"choices\":[{"
		"\"index\":0,\"delta\":{\"content\":\"@%" PRId64 " \"},"
		"\"finish_reason\":null}]}\n\n",
		now_steps());
	send_text(talk->watch.fd, line);
	talk->next_ms += 1000 / job.rate;
	loop_timer_set(talk->loop, &talk->timer, talk->next_ms);
}

/* The request is small and comes in one piece, or what is left of it is
 * thrown away. */
static void
on_request(void *arg, uint32_t events)
{
	struct talk *talk = arg;
	char bytes[16384];
	ssize_t n = recv(talk->watch.fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n == 0 || (events & (EPOLLHUP | EPOLLERR)) != 0) {
		end_talk(talk);
		return;
	}
	if (talk->started)
		return;
	talk->started = true;
	send_text(talk->watch.fd,
		"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
		"Connection: close\r\n\r\n");
	talk->next_ms = loop_now_ms(talk->loop);
	say_token(talk);
}

struct door {
	struct watch watch;
	struct loop *loop;
};

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
		talk->watch = (struct watch){ on_request, talk, fd, 0 };
		talk->timer = (struct timer){ .fn = say_token, .arg = talk };
		must(loop_watch(door->loop, &talk->watch, EPOLLIN) == OK,
			"watch");
	}
}

static void *
run_model(void *arg)
{
	struct sockaddr_in to = address(job.upstream_port);
	struct door door = { 0 };
	int yes = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	(void)arg;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	must(bind(fd, (struct sockaddr *)&to, sizeof(to)) == 0, "bind");
	must(listen(fd, 4096) == 0, "listen");
	must(loop_open(&door.loop) == OK, "loop");
	door.watch = (struct watch){ on_caller, &door, fd, 0 };
	must(loop_watch(door.loop, &door.watch, EPOLLIN) == OK, "watch");
	loop_run(door.loop);
	return NULL;
}

/* ---- the browsers */

struct browser {
	struct watch watch;
	struct buf line;
	bool finished;
};

struct crowd {
	struct loop *loop;
	struct timer ramp;
	int n_begun, n_open;
};

static struct crowd crowd;

static void
leave(struct browser *browser)
{
	loop_unwatch(crowd.loop, &browser->watch);
	close(browser->watch.fd);
	buf_free(&browser->line);
	if (browser->finished)
		seen.finished++;
	else
		seen.broken++;
	loop_free_later(crowd.loop, free, browser);
	if (--crowd.n_open == 0 && crowd.n_begun == job.n_streams)
		loop_stop(crowd.loop);
}

static void
take_line(struct browser *browser)
{
	const char *at = strstr(buf_str(&browser->line), "\":\"@");
	int64_t now_ms = clock_mono_ms(), steps;

	if (at == NULL) {
		if (strstr(buf_str(&browser->line), "[DONE]") != NULL)
			browser->finished = true;
		return;
	}
	if (now_ms < job.steady_ms || now_ms > job.end_ms)
		return;
	steps = now_steps() - strtoll(at + strlen("\":\"@"), NULL, 10);
	seen.tokens++;
	seen.latency[MIN(MAX(steps, 0), (int64_t)LATENCY_STEPS)]++;
}

static void
take_bytes(struct browser *browser, const char *bytes, size_t len)
{
	for (const char *end = bytes + len; bytes < end;) {
		const char *newline =
			memchr(bytes, '\n', (size_t)(end - bytes));
		const char *stop = newline != NULL ? newline : end;

		buf_append(&browser->line, bytes, (size_t)(stop - bytes));
		if (newline == NULL)
			return;
		take_line(browser);
		buf_clear(&browser->line);
		bytes = newline + 1;
	}
}

static void
on_answer(void *arg, uint32_t events)
{
	struct browser *browser = arg;
	char bytes[16384];
	ssize_t n;

	(void)events;
	while ((n = recv(browser->watch.fd, bytes, sizeof(bytes),
			MSG_DONTWAIT)) > 0)
		take_bytes(browser, bytes, (size_t)n);
	if (n == 0 || errno != EAGAIN)
		leave(browser);
}

static void
begin_one(void)
{
	struct sockaddr_in to = address(job.port);
	struct browser *browser = mem_zalloc(sizeof(*browser));
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct buf request = BUF_INIT, body = BUF_INIT;

	must(connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0, "connect");
	buf_printf(&body,
		"{\"id\":\"bench-%d-%" PRId64 "\",\"messages\":[{\"id\":\"u\","
		"\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":"
		"\"bench\"}]}],\"trigger\":\"submit-message\"}",
		crowd.n_begun, now_us());
	buf_printf(&request,
		"POST /api/ai/chat HTTP/1.1\r\nHost: 127.0.0.1\r\n"
		"Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
		"Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
		job.token, body.len, buf_str(&body));
	must(send(fd, request.data, request.len, 0) == (ssize_t)request.len,
		"send");
	buf_free(&request);
	buf_free(&body);
	browser->watch = (struct watch){ on_answer, browser, fd, 0 };
	must(loop_watch(crowd.loop, &browser->watch, EPOLLIN) == OK, "watch");
	crowd.n_begun++;
	crowd.n_open++;
}

/* ---- what lies between */

struct usage {
	double cpu_s;
	long private_kb; /* resident; code that is mapped from files is not */
};

static struct usage
usage_of(int pid)
{
	char path[64], text[1024], *at;
	unsigned long user = 0, kernel = 0;
	struct usage usage = { 0 };
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if ((file = fopen(path, "r")) == NULL)
		return usage;
	if (fgets(text, sizeof(text), file) != NULL &&
		(at = strrchr(text, ')')) != NULL &&
		sscanf(at + 2,
			"%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			&user, &kernel) == 2)
		usage.cpu_s =
			(double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
	fclose(file);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if ((file = fopen(path, "r")) == NULL)
		return usage;
	while (fgets(text, sizeof(text), file) != NULL)
		sscanf(text, "RssAnon: %ld", &usage.private_kb);
	fclose(file);
	return usage;
}

static int
pid_of(const char *program)
{
	char path[512];
	int pid = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/run/%s.pid", job.var, program);
	if ((file = fopen(path, "r")) == NULL)
		return 0;
	if (fscanf(file, "%d", &pid) != 1)
		pid = 0;
	fclose(file);
	return pid;
}

/* The web server's workers are its children. */
static struct usage
usage_of_children(int parent)
{
	struct usage sum = { 0 }, one;
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	must(proc != NULL, "/proc");
	while ((entry = readdir(proc)) != NULL) {
		char path[300], text[1024], *at;
		int ppid = 0;
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		if ((file = fopen(path, "r")) == NULL)
			continue;
		if (fgets(text, sizeof(text), file) != NULL &&
			(at = strrchr(text, ')')) != NULL)
			sscanf(at + 2, "%*c %d", &ppid);
		fclose(file);
		if (ppid != parent)
			continue;
		one = usage_of(atoi(entry->d_name));
		sum.cpu_s += one.cpu_s;
		sum.private_kb += one.private_kb;
	}
	closedir(proc);
	return sum;
}

static struct {
	struct timer start, stop;
	struct usage chat[2], database[2], web[2];
	long idle_kb;
	long tenth_kb; /* when a tenth of the streams had begun: all that a
			* process needs once is there */
} meter;

static void
on_ramp(void *arg)
{
	(void)arg;
	for (int i = 0; i < RAMP_PER_S / 50 && crowd.n_begun < job.n_streams;
		i++) {
		if (crowd.n_begun == job.n_streams / 10)
			meter.tenth_kb = usage_of(pid_of("chat")).private_kb;
		begin_one();
	}
	if (crowd.n_begun < job.n_streams)
		loop_timer_set(
			crowd.loop, &crowd.ramp, loop_now_ms(crowd.loop) + 20);
}

static void
read_meter(int which)
{
	meter.chat[which] = usage_of(pid_of("chat"));
	meter.database[which] = usage_of(pid_of("mysql"));
	meter.web[which] = usage_of_children(pid_of("nginx"));
}

static void
on_start(void *arg)
{
	(void)arg;
	read_meter(0);
}

static void
on_stop(void *arg)
{
	(void)arg;
	read_meter(1);
}

static double
percentile(double part)
{
	uint64_t limit = MIN((uint64_t)((double)seen.tokens * part),
			 MAX(seen.tokens, 1) - 1),
		 sum = 0;
	int step = 0;

	while (step < LATENCY_STEPS && (sum += seen.latency[step]) <= limit)
		step++;
	return step / 10.0;
}

static double
per_million(const struct usage usage[2])
{
	return (usage[1].cpu_s - usage[0].cpu_s) * 1e6 / (double)seen.tokens;
}

static void
report(void)
{
	printf("streams %d x %d/s: finished %" PRIu64 ", broken %" PRIu64
	       ", tokens %" PRIu64 " of %d\n",
		job.n_streams, job.rate, seen.finished, seen.broken,
		seen.tokens, job.n_streams * job.rate * job.seconds);
	printf("latency ms: p50 %.1f  p99 %.1f  max %.1f\n", percentile(0.5),
		percentile(0.99), percentile(1));
	printf("CPU s per 1M tokens: chat %.1f  database %.1f  web server %.1f\n",
		per_million(meter.chat), per_million(meter.database),
		per_million(meter.web));
	printf("private memory: chat %ld KB idle, %ld with a tenth of the "
	       "streams, %ld with all: %.1f KB a stream\n",
		meter.idle_kb, meter.tenth_kb, meter.chat[1].private_kb,
		(double)(meter.chat[1].private_kb - meter.tenth_kb) / 0.9 /
			job.n_streams);
}

static void
plan(char **argv)
{
	int64_t now = clock_mono_ms();

	job.begin_us = now_us();
	job.var = argv[1];
	job.port = atoi(argv[2]);
	job.token = argv[3];
	job.upstream_port = atoi(argv[4]);
	job.n_streams = atoi(argv[5]);
	job.rate = atoi(argv[6]);
	job.seconds = atoi(argv[7]);
	job.steady_ms = now + job.n_streams * INT64_C(1000) / RAMP_PER_S + 3000;
	job.end_ms = job.steady_ms + job.seconds * INT64_C(1000);
}

int
main(int argc, char **argv)
{
	pthread_t model;

	if (argc != 8) {
		fprintf(stderr,
			"usage: streams VAR PORT TOKEN UPSTREAM_PORT "
			"STREAMS RATE SECONDS\n");
		return 2;
	}
	plan(argv);
	must(pthread_create(&model, NULL, run_model, NULL) == 0, "thread");
	must(loop_open(&crowd.loop) == OK, "loop");
	meter.idle_kb = usage_of(pid_of("chat")).private_kb;
	crowd.ramp = (struct timer){ .fn = on_ramp };
	meter.start = (struct timer){ .fn = on_start };
	meter.stop = (struct timer){ .fn = on_stop };
	loop_timer_set(crowd.loop, &crowd.ramp, clock_mono_ms() + 100);
	loop_timer_set(crowd.loop, &meter.start, job.steady_ms);
	loop_timer_set(crowd.loop, &meter.stop, job.end_ms);
	loop_run(crowd.loop);
	report();
	return seen.finished == (uint64_t)job.n_streams ? 0 : 1;
}
