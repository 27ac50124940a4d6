/*
 * Models that send as fast as they can: each gets its share of an iteration of
 * the loop, and nothing is lost or reordered.
 */

#include "../unit.h"
#include "flood.h"
#include "llm/client.h"
#include "llm/client_private.h"
#include "llm/model.h"
#include "llm/share.h"

#include <stdio.h>

/* ---- calls */

#define CALLS_MAX 24

struct run;

struct asked {
	struct run *run;
	struct llm_call *call;
	struct buf text;
	size_t now; /* bytes of text in this iteration */
	unsigned n_events, n_ends;
	enum llm_fault fault;
};

struct run {
	struct loop *loop;
	struct llm_client *client;
	struct llm_model *model;
	struct asked asked[CALLS_MAX];
	unsigned n, left;
	unsigned cancel_at, leave_at; /* after this many events; 0: never */
	size_t most, most_of_all, n_iterations;
};

static void
one_less(struct run *run)
{
	if (--run->left == 0)
		loop_stop(run->loop);
}

static void
on_event(void *arg, const struct llm_event *event)
{
	struct asked *asked = arg;
	struct run *run = asked->run;

	asked->n_events++;
	asked->now += event->text.len;
	buf_put_span(&asked->text, event->text);
	if (asked->n_events == run->cancel_at) {
		llm_call_cancel(asked->call);
		one_less(run);
	}
	if (asked->n_events == run->leave_at)
		loop_stop(run->loop);
}

static void
on_end(void *arg, const struct llm_result *result)
{
	struct asked *asked = arg;

	asked->n_ends++;
	asked->fault = result->fault;
	one_less(asked->run);
}

static void
on_iteration(void *arg)
{
	struct run *run = arg;
	size_t all = 0;

	for (unsigned i = 0; i < run->n; i++) {
		run->most = MAX(run->most, run->asked[i].now);
		all += run->asked[i].now;
		run->asked[i].now = 0;
	}
	run->most_of_all = MAX(run->most_of_all, all);
	run->n_iterations++;
}

static void
run_calls(struct run *run, const struct llm_conf *conf, unsigned n)
{
	static const struct llm_handlers handlers = { on_event, on_end };
	const struct llm_settings settings = { .model = conf->model };

	run->n = run->left = n;
	assert_int_equal(loop_open(&run->loop), OK);
	loop_at_end(run->loop, on_iteration, run);
	assert_int_equal(llm_model_open(conf, &settings, &run->model), OK);
	run->client = llm_client_open(run->loop, conf);
	for (unsigned i = 0; i < n; i++) {
		struct buf body = BUF_INIT;

		buf_puts(&body, "{}");
		run->asked[i].run = run;
		run->asked[i].call = llm_call_start(run->client, run->model,
			&body, 0, &handlers, &run->asked[i]);
	}
	loop_run(run->loop);
}

static void
run_close(struct run *run)
{
	llm_model_release(run->model);
	llm_client_close(run->client);
	loop_close(run->loop);
	for (unsigned i = 0; i < run->n; i++)
		buf_free(&run->asked[i].text);
}

static struct llm_conf
conf_for(const struct flood *server, enum conf_kind kind, char base_url[64])
{
	snprintf(base_url, 64, "http://127.0.0.1:%d/v1", server->port);
	return (struct llm_conf){
		.kind = kind,
		.base_url = base_url,
		.api_key = "",
		.api_key_file = "",
		.model = "m",
		.options = "",
		.ca_file = "",
		.proxy = "",
		.no_proxy = "",
		.reply_max = 1 << 20,
		.connect_timeout_ms = 60000,
		.first_byte_timeout_ms = 60000,
		.idle_timeout_ms = 60000,
		.total_timeout_ms = 60000,
	};
}

/* ---- tests */

static void
all_comes(const struct flood_form *form, enum flood_framing framing)
{
	struct buf body = BUF_INIT, answer = BUF_INIT, text = BUF_INIT;
	struct flood server = { .hangs = false };
	struct run run = { .n = 0 };
	struct llm_conf conf;
	struct span whole;
	char url[64];

	flood_text(&text);
	flood_body(&body, form);
	flood_answer(&answer, buf_span(&body), framing);
	whole = buf_span(&answer);
	server.answers = &whole;
	server.n_answers = 1;
	flood_open(&server);
	conf = conf_for(&server, form->kind, url);
	run_calls(&run, &conf, 3);
	for (unsigned i = 0; i < run.n; i++) {
		assert_int_equal(run.asked[i].fault, LLM_OK);
		assert_int_equal(run.asked[i].n_ends, 1);
		assert_int_equal(run.asked[i].text.len, text.len);
		assert_string_equal(
			buf_str(&run.asked[i].text), buf_str(&text));
	}
	/* The share, one more piece, and the rest of an event. */
	assert_in_range(run.most, 1, SHARE_BYTES + 2048);
	run_close(&run);
	flood_close(&server);
	buf_free(&body);
	buf_free(&answer);
	buf_free(&text);
}

static void
test_all_comes_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < FLOOD_FORMS; i++)
		for (int framing = 0; framing < FLOOD_FRAMINGS; framing++)
			all_comes(&flood_forms[i], (enum flood_framing)framing);
}

/* All tests below use this answer. */
static struct buf answer;
static struct span span;

static void
run_with(struct run *run, struct flood *server, unsigned n,
	void (*change)(struct llm_conf *conf))
{
	struct llm_conf conf;
	char url[64];

	span = buf_span(&answer);
	server->answers = &span;
	server->n_answers = 1;
	flood_open(server);
	conf = conf_for(server, CONF_OPENAI, url);
	if (change != NULL)
		change(&conf);
	run_calls(run, &conf, n);
}

static void
end_with(struct run *run, struct flood *server)
{
	run_close(run);
	flood_close(server);
}

/* However many streams there are, one iteration reads no more than the shares
 * of those that continue in it, once all have begun. */
static void
test_many_share_an_iteration(void **state)
{
	struct flood server = { .hangs = false };
	struct run run = { .n = 0 };

	(void)state;
	run_with(&run, &server, CALLS_MAX, NULL);
	for (unsigned i = 0; i < run.n; i++)
		assert_int_equal(run.asked[i].fault, LLM_OK);
	assert_in_range(run.most, 1, SHARE_BYTES + 2048);
	assert_in_range(run.most_of_all, 1, CALLS_MAX * (SHARE_BYTES + 2048));
	end_with(&run, &server);
}

static void
soon_stalled(struct llm_conf *conf)
{
	conf->idle_timeout_ms = 500;
}

/* A silent model is not polled every millisecond. */
static void
test_who_waits_for_nothing_costs_nothing(void **state)
{
	struct flood server = { .hangs = true };
	struct run run = { .n = 0 };
	size_t whole = answer.len;

	(void)state;
	answer.len = 65536;
	run_with(&run, &server, 1, soon_stalled);
	answer.len = whole;
	assert_int_equal(run.asked[0].fault, LLM_STALLED);
	assert_in_range(run.n_iterations, 1, 250);
	end_with(&run, &server);
}

static void
test_cancelled_while_it_waits(void **state)
{
	struct flood server = { .hangs = false };
	struct run run;

	(void)state;
	for (unsigned at = 30; at < 400; at += 37) {
		run = (struct run){ .cancel_at = at };
		run_with(&run, &server, 4, NULL);
		for (unsigned i = 0; i < run.n; i++) {
			assert_int_equal(run.asked[i].n_events, at);
			assert_int_equal(run.asked[i].n_ends, 0);
		}
		assert_int_equal(llm_client_calls(run.client), 0);
		end_with(&run, &server);
	}
}

/* The client is closed while some calls wait. */
static void
test_closed_while_they_wait(void **state)
{
	struct flood server = { .hangs = false };
	struct run run;

	(void)state;
	for (unsigned at = 30; at < 400; at += 37) {
		run = (struct run){ .leave_at = at };
		run_with(&run, &server, 8, NULL);
		end_with(&run, &server);
	}
}

static size_t most; /* see llm.reply_max */

static void
at_most(struct llm_conf *conf)
{
	conf->reply_max = (int64_t)most;
}

/* A piece that was held back may also exceed the limit; libcurl does not report
 * the end in that case. */
static void
test_too_much_while_it_waits(void **state)
{
	struct flood server = { .hangs = true };
	struct run run;

	(void)state;
	for (most = 20; most < 60; most++) {
		run = (struct run){ .n = 0 };
		run_with(&run, &server, 1, at_most);
		assert_int_equal(run.asked[0].fault, LLM_TOO_BIG);
		assert_int_equal(run.asked[0].n_ends, 1);
		end_with(&run, &server);
	}
}

static void
soon_over(struct llm_conf *conf)
{
	conf->total_timeout_ms = 10;
}

static void
test_late_while_it_waits(void **state)
{
	struct flood server = { .hangs = true };
	struct run run = { .n = 0 };

	(void)state;
	run_with(&run, &server, 8, soon_over);
	for (unsigned i = 0; i < run.n; i++)
		assert_int_equal(run.asked[i].n_ends, 1);
	assert_int_equal(llm_client_calls(run.client), 0);
	end_with(&run, &server);
}

static void
test_which_headers_mean_compression(void **state)
{
	static const struct {
		const char *line;
		bool unlimited;
	} lines[] = {
		{ "Content-Encoding: gzip\r\n", true },
		{ "content-encoding:br", true },
		{ "Content-Encoding: identity, zstd\r\n", true },
		{ "Transfer-Encoding: gzip, chunked\r\n", true },
		{ "Content-Encoding: Identity \r\n", false },
		{ "Transfer-Encoding:chunked\r\n", false },
		{ "X-Content-Encoding: gzip\r\n", false },
		{ "Content-Encoding\r\n", false },
		{ "\r\n", false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(lines); i++) {
		struct share share = { .used = 0 };

		share_header(&share, span_of(lines[i].line));
		assert_int_equal(share.unlimited, lines[i].unlimited);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_comes_in_order),
		cmocka_unit_test(test_many_share_an_iteration),
		cmocka_unit_test(test_who_waits_for_nothing_costs_nothing),
		cmocka_unit_test(test_cancelled_while_it_waits),
		cmocka_unit_test(test_closed_while_they_wait),
		cmocka_unit_test(test_too_much_while_it_waits),
		cmocka_unit_test(test_late_while_it_waits),
		cmocka_unit_test(test_which_headers_mean_compression),
	};
	struct buf body = BUF_INIT;
	int failed;

	flood_body(&body, &flood_forms[0]);
	flood_answer(&answer, buf_span(&body), FLOOD_CLOSED);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	buf_free(&body);
	buf_free(&answer);
	return failed;
}
