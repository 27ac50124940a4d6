/*
 * top.c: `lamplight top`: what the programs are doing, according to the figures
 * that they publish on their sockets (api/program.h): current values, or the
 * growth within an interval.
 */

#include "lamplight/operate.h"

#include "api/gather.h"
#include "base/clock.h"
#include "conf/conf.h"
#include "json/write.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SOCKETS "/run/lamplight"
#define INTERVAL_S 2
#define WAIT_MS 2000

#define N_PROGRAMS GATHER_PROGRAMS

/* The load of one program. */
struct load {
	double threads; /* 0: it does not answer */
	double requests, seconds, timed, errors; /* totals since its start */
	double running, connections, connections_max, waiting;
};

struct reading {
	int64_t at_ms;
	struct load loads[N_PROGRAMS];
	double streams, late, unstored;
	double started, commits, commit_seconds; /* totals since their start */
	double calls, failed, first, first_seconds, tokens;
};

struct top {
	struct arena arena;
	struct conf conf;
	const char *sockets;
	bool json, once;
	int64_t interval_s;
};

/* ---- figures */

/* The sum of the lines that begin with *begin* and, unless it is NULL, contain
 * *part*. */
static double
sum(struct span text, const char *begin, const char *part)
{
	const char *line = text.data;
	double total = 0;

	for (; *line != '\0'; line += strcspn(line, "\n"), line += *line != 0) {
		const char *end = line + strcspn(line, "\n");
		const char *found = part != NULL ? strstr(line, part) : line;
		const char *value = memrchr(line, ' ', (size_t)(end - line));

		if (strncmp(line, begin, strlen(begin)) == 0 && found != NULL &&
			found < end && value != NULL)
			total += strtod(value, NULL);
	}
	return total;
}

static double
of_program(struct span text, const char *name, const char *program,
	const char *part)
{
	char begin[128];

	snprintf(begin, sizeof(begin), "%s{program=\"%s\"", name, program);
	return sum(text, begin, part);
}

static void
read_load(struct span text, const char *program, struct load *out)
{
	out->threads = of_program(text, "lamplight_threads", program, NULL);
	out->requests =
		of_program(text, "lamplight_requests_total", program, NULL);
	out->errors = of_program(
		text, "lamplight_requests_total", program, "status=\"5xx\"");
	out->seconds = of_program(
		text, "lamplight_request_seconds_sum", program, NULL);
	out->timed = of_program(
		text, "lamplight_request_seconds_count", program, NULL);
	out->running =
		of_program(text, "lamplight_requests_running", program, NULL);
	out->connections = of_program(
		text, "lamplight_db_connections_used", program, NULL);
	out->connections_max =
		of_program(text, "lamplight_db_connections_max", program, NULL);
	out->waiting = of_program(text, "lamplight_db_waiting", program, NULL);
}

static void
read_chat(struct span text, struct reading *out)
{
	static const struct {
		const char *begin;
		size_t offset;
	} figures[] = {
		{ "lamplight_streams ", offsetof(struct reading, streams) },
		{ "lamplight_journal_late ", offsetof(struct reading, late) },
		{ "lamplight_journal_waiting_bytes ",
			offsetof(struct reading, unstored) },
		{ "lamplight_streams_total ",
			offsetof(struct reading, started) },
		{ "lamplight_journal_seconds_count ",
			offsetof(struct reading, commits) },
		{ "lamplight_journal_seconds_sum ",
			offsetof(struct reading, commit_seconds) },
		{ "lamplight_model_calls_total{",
			offsetof(struct reading, calls) },
		{ "lamplight_first_token_seconds_count ",
			offsetof(struct reading, first) },
		{ "lamplight_first_token_seconds_sum ",
			offsetof(struct reading, first_seconds) },
		{ "lamplight_tokens_total{kind=\"output\"",
			offsetof(struct reading, tokens) },
	};

	for (size_t i = 0; i < LENGTH(figures); i++)
		*(double *)(void *)((char *)out + figures[i].offset) =
			sum(text, figures[i].begin, NULL);
	out->failed = out->calls -
		sum(text, "lamplight_model_calls_total{outcome=\"ok\"", NULL);
}

/* Returns false if no program answers. */
static bool
take(struct top *top, struct reading *out)
{
	struct arena arena = ARENA_INIT;
	struct span texts[N_PROGRAMS];
	struct buf all = BUF_INIT;
	const struct gather_ask ask = { .folder = top->sockets,
		.programs = gather_programs,
		.n = N_PROGRAMS,
		.wait_ms = WAIT_MS };
	size_t n = gather_figures(&arena, &top->conf.http, &ask, texts);

	for (size_t i = 0; i < n; i++)
		buf_put_span(&all, texts[i]);
	*out = (struct reading){ .at_ms = clock_mono_ms() };
	for (size_t i = 0; i < N_PROGRAMS; i++)
		read_load(span_of(buf_str(&all)), gather_programs[i],
			&out->loads[i]);
	read_chat(span_of(buf_str(&all)), out);
	buf_free(&all);
	arena_reset(&arena);
	return n > 0;
}

/* ---- growth */

/* The counters of a restarted process begin at 0 again. */
static double
grown(double now, double before)
{
	return now >= before ? now - before : now;
}

static double
mean_ms(double seconds, double n)
{
	return n > 0 ? seconds / n * 1000 : 0;
}

/* The values shown: per second, or for the interval. */
struct shown {
	double seconds;
	double started, commits, commit_ms, calls, failed, first_ms, tokens;
	struct {
		double requests, errors, ms;
	} loads[N_PROGRAMS];
};

static void
compare(const struct reading *a, const struct reading *b, struct shown *out)
{
	double s = MAX((double)(b->at_ms - a->at_ms) / 1000, 0.001);

	out->seconds = s;
	out->started = grown(b->started, a->started) / s;
	out->commits = grown(b->commits, a->commits) / s;
	out->commit_ms = mean_ms(grown(b->commit_seconds, a->commit_seconds),
		grown(b->commits, a->commits));
	out->calls = grown(b->calls, a->calls) / s;
	out->failed = grown(b->failed, a->failed) / s;
	out->first_ms = mean_ms(grown(b->first_seconds, a->first_seconds),
		grown(b->first, a->first));
	out->tokens = grown(b->tokens, a->tokens) / s;
	for (size_t i = 0; i < N_PROGRAMS; i++) {
		const struct load *x = &a->loads[i], *y = &b->loads[i];

		out->loads[i].requests = grown(y->requests, x->requests) / s;
		out->loads[i].errors = grown(y->errors, x->errors) / s;
		out->loads[i].ms = mean_ms(grown(y->seconds, x->seconds),
			grown(y->timed, x->timed));
	}
}

/* ---- on the terminal */

static void
print_load(const struct load *load, const struct shown *shown, size_t i)
{
	if (load->threads == 0) {
		printf("%-10s does not answer\n", gather_programs[i]);
		return;
	}
	printf("%-10s %9.1f %9.1f %9.1f %6.0f/%-3.0f %6.0f/%-3.0f %7.0f\n",
		gather_programs[i], shown->loads[i].requests,
		shown->loads[i].ms, shown->loads[i].errors, load->running,
		load->threads, load->connections, load->connections_max,
		load->waiting);
}

static void
print_words(const struct reading *now, const struct shown *shown)
{
	if (isatty(STDOUT_FILENO))
		fputs("\033[H\033[2J", stdout);
	printf("streams   %.0f running, %.1f/s begun\n", now->streams,
		shown->started);
	printf("journal   %.1f commits/s of %.1f ms, %.0f bytes wait%s\n",
		shown->commits, shown->commit_ms, now->unstored,
		now->late > 0 ? "; THE DATABASE IS AWAY" : "");
	printf("model     %.1f requests/s, %.1f/s failed, first words after "
	       "%.0f ms, %.1f tokens/s\n\n",
		shown->calls, shown->failed, shown->first_ms, shown->tokens);
	printf("%-10s %9s %9s %9s %10s %10s %7s\n", "program", "req/s", "ms",
		"5xx/s", "threads", "database", "waiting");
	for (size_t i = 0; i < N_PROGRAMS; i++)
		print_load(&now->loads[i], shown, i);
	putchar('\n');
	fflush(stdout);
}

/* ---- as JSON, one object per line */

static void
member(struct json_writer *w, const char *key, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.3f", value);
	json_member_raw(w, key, span_of(text));
}

static void
write_load(struct json_writer *w, const struct load *load,
	const struct shown *s, size_t i)
{
	json_key(w, gather_programs[i]);
	json_open(w, '{');
	json_member_bool(w, "answers", load->threads > 0);
	member(w, "requestsPerSecond", s->loads[i].requests);
	member(w, "errorsPerSecond", s->loads[i].errors);
	member(w, "ms", s->loads[i].ms);
	member(w, "running", load->running);
	member(w, "connections", load->connections);
	member(w, "waiting", load->waiting);
	json_close(w, '}');
}

static void
print_json(const struct reading *now, const struct shown *s)
{
	struct buf out = BUF_INIT;
	struct json_writer w = json_writer(&out);

	json_open(&w, '{');
	member(&w, "seconds", s->seconds);
	member(&w, "streams", now->streams);
	member(&w, "streamsPerSecond", s->started);
	member(&w, "commitsPerSecond", s->commits);
	member(&w, "commitMs", s->commit_ms);
	member(&w, "unstoredBytes", now->unstored);
	json_member_bool(&w, "databaseAway", now->late > 0);
	member(&w, "callsPerSecond", s->calls);
	member(&w, "failedPerSecond", s->failed);
	member(&w, "firstMs", s->first_ms);
	member(&w, "tokensPerSecond", s->tokens);
	json_key(&w, "programs");
	json_open(&w, '{');
	for (size_t i = 0; i < N_PROGRAMS; i++)
		write_load(&w, &now->loads[i], s, i);
	json_close(&w, '}');
	json_close(&w, '}');
	puts(buf_str(&out));
	fflush(stdout);
	buf_free(&out);
}

/* ---- repeating */

static int
watch(struct top *top)
{
	struct reading before, now;
	struct shown shown;

	if (!take(top, &before)) {
		fprintf(stderr,
			"No program answers in %s. Give the folder of their "
			"sockets with --sockets; lamplight doctor says more.\n",
			top->sockets);
		return 1;
	}
	do {
		sleep((unsigned)top->interval_s);
		(void)take(top, &now);
		compare(&before, &now, &shown);
		if (top->json)
			print_json(&now, &shown);
		else
			print_words(&now, &shown);
		before = now;
	} while (!top->once && !ferror(stdout));
	return 0;
}

static bool
take_arguments(struct top *top, int argc, char **argv)
{
	char *end = NULL;

	for (int i = 0; i < argc; i++) {
		bool more = i + 1 < argc;

		if (strcmp(argv[i], "--json") == 0) {
			top->json = true;
		} else if (strcmp(argv[i], "--once") == 0) {
			top->once = true;
		} else if (strcmp(argv[i], "--sockets") == 0 && more) {
			top->sockets = argv[++i];
		} else if (strcmp(argv[i], "--interval") == 0 && more) {
			top->interval_s = strtoll(argv[++i], &end, 10);
			if (*end != '\0' || top->interval_s < 1 ||
				top->interval_s > 3600)
				return false;
		} else {
			return false;
		}
	}
	return true;
}

int
top_main(int argc, char **argv)
{
	struct top top = { .sockets = SOCKETS, .interval_s = INTERVAL_S };
	int status = 1;

	if (!take_arguments(&top, argc, argv))
		return 2;
	if (conf_load(&top.arena, &top.conf) == OK)
		status = watch(&top);
	arena_reset(&top.arena);
	return status;
}
