#include "llm/client.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "llm/adapt.h"
#include "llm/failure.h"
#include "llm/failure_log.h"
#include "llm/multi.h"
#include "llm/openai_stream.h"
#include "llm/proxy.h"
#include "llm/received.h"
#include "llm/retry.h"
#include "llm/upstream.h"

#include <stdlib.h>

/* Bytes of an error's body that are looked at. */
#define ERROR_BODY_MAX 16384u

/* Above this many calls each has a connection of its own: libcurl looks for a
 * free one among all that are open, one by one. */
#define REUSE_MAX 256
#define IDLE_MAX 64L

struct llm_client {
	struct loop *loop;
	struct upstream upstream;
	struct proxy proxy;
	struct multi multi;
	int64_t retries;
	size_t reply_max;
	int64_t first_byte_timeout_ms, idle_timeout_ms, total_timeout_ms;
	struct llm_call *calls; /* those that are freed later included */
	size_t n_calls; /* those that run */
};

enum call_state {
	CALL_WAITING, /* for its next try */
	CALL_ASKING, /* no byte of an answer yet */
	CALL_STREAMING, /* 2xx and the first byte */
	CALL_REFUSED, /* reading an error's body */
	CALL_GONE, /* ended or cancelled; freed later */
};

struct llm_call {
	struct llm_client *client;
	struct llm_call *prev, *next;
	const struct llm_handlers *handlers;
	void *arg;

	CURL *easy; /* NULL before the first try */
	bool in_multi;
	enum call_state state;
	unsigned attempt; /* 0: the first try, also with earlier forms */
	const struct failure *refusal; /* while on_end is called */
	int64_t retry_after_ms;
	struct received received;
	bool too_much; /* was received */
	struct openai_stream *stream; /* CALL_STREAMING */
	struct buf body; /* of the request */
	struct buf error_body; /* CALL_REFUSED */

	/* Set when what is waited for changes; when it goes off and something
	 * was heard meanwhile it is set again. So a delta moves no timer. */
	struct timer timer;
	int64_t started_ms, asked_ms, heard_ms;
};

/* ---- the end of a call */

/* Never from inside of libcurl. */
static void
leave_multi(struct llm_call *call)
{
	if (call->in_multi)
		curl_multi_remove_handle(
			call->client->multi.handle, call->easy);
	call->in_multi = false;
}

static void
free_call(void *arg)
{
	struct llm_call *call = arg;

	leave_multi(call);
	if (call->prev != NULL)
		call->prev->next = call->next;
	else
		call->client->calls = call->next;
	if (call->next != NULL)
		call->next->prev = call->prev;
	if (call->easy != NULL)
		curl_easy_cleanup(call->easy);
	openai_stream_free(call->stream);
	buf_free(&call->body);
	buf_free(&call->error_body);
	free(call);
}

/* From now on silent; freed when libcurl is not at work with it. */
static void
drop(struct llm_call *call)
{
	call->state = CALL_GONE;
	call->client->n_calls--;
	loop_timer_clear(call->client->loop, &call->timer);
	loop_free_later(call->client->loop, free_call, call);
}

void
llm_call_cancel(struct llm_call *call)
{
	if (call->state != CALL_GONE)
		drop(call);
}

static void
end(struct llm_call *call, const struct llm_result *result)
{
	if (call->state == CALL_GONE)
		return; /* cancelled by its last event */
	drop(call);
	call->handlers->on_end(call->arg, result);
}

/* *said* may be NULL: then the sentence of libcurl, which names no address. */
static void
log_failure(const struct llm_call *call, enum llm_fault fault,
	const struct failure *failure, const char *said, bool again)
{
	struct buf message = BUF_INIT;

	if (said != NULL)
		buf_puts(&message, said);
	else
		failure_log_put(&message, failure->message,
			call->client->upstream.key,
			call->body.len > 0 ? buf_span(&call->body)
					   : (struct span){ NULL, 0 });
	log_warn("llm_failed",
		"fault=%s status=%ld code=%s attempt=%u again=%s "
		"message=\"%s\"",
		llm_fault_word(fault), failure->status,
		*failure->code != '\0' ? failure->code : "-", call->attempt + 1,
		again ? "yes" : "no", buf_str(&message));
	buf_free(&message);
}

static long
status_of(const struct llm_call *call)
{
	long status = 0;

	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* Whether the same request may be answered later. */
static bool
may_pass(enum llm_fault fault, long status)
{
	return fault == LLM_UNREACHABLE ||
		(retry_status(status) &&
			(fault == LLM_THROTTLED || fault == LLM_OVERLOADED ||
				fault == LLM_FAILED));
}

/* A try has failed before its first byte: another one, or the end. */
static void
fail(struct llm_call *call, enum llm_fault fault, const struct failure *failure,
	const char *said)
{
	struct llm_client *client = call->client;
	struct llm_result result = LLM_RESULT_INIT;
	bool again = call->attempt < client->retries &&
		may_pass(fault, failure->status) && !adapt_can(failure);

	log_failure(call, fault, failure, said, again);
	if (!again) {
		result.fault = fault;
		call->refusal = failure->status != 0 ? failure : NULL;
		end(call, &result);
		call->refusal = NULL;
		return;
	}
	call->attempt++;
	call->state = CALL_WAITING;
	loop_timer_set(client->loop, &call->timer,
		loop_now_ms(client->loop) +
			retry_wait_ms(call->attempt, call->retry_after_ms));
}

/* No answer came at all. */
static void
fail_silent(struct llm_call *call, enum llm_fault fault, const char *said)
{
	struct failure failure = { .status = 0 };

	fail(call, fault, &failure, said);
}

/* The answer is an error, of whose body as much as came is looked at. */
static void
fail_refused(struct llm_call *call, long status)
{
	struct failure failure;

	failure_read(&failure, status, buf_span(&call->error_body));
	fail(call, failure_fault(&failure, LLM_REJECTED), &failure, NULL);
}

/* *late* is the timeout that ended it, LLM_OK for none. */
static void
end_stream(struct llm_call *call, bool clean, enum llm_fault late)
{
	struct llm_result result = openai_stream_end(call->stream, clean);
	struct failure failure = *openai_stream_failure(call->stream);

	if (call->state == CALL_GONE)
		return;
	if (result.fault == LLM_CUT && late != LLM_OK)
		result.fault = late;
	if (result.fault != LLM_OK) {
		failure.status = status_of(call);
		log_failure(call, result.fault, &failure, NULL, false);
	}
	end(call, &result);
}

/* ---- patience */

/* When patience ends, and what that is called. */
static int64_t
deadline(const struct llm_call *call, enum llm_fault *fault)
{
	const struct llm_client *client = call->client;
	int64_t total_ms = call->started_ms + client->total_timeout_ms;
	bool asking = call->state == CALL_ASKING;
	int64_t due_ms = asking ? call->asked_ms + client->first_byte_timeout_ms
				: call->heard_ms + client->idle_timeout_ms;

	*fault = asking ? LLM_SILENT : LLM_STALLED;
	if (due_ms < total_ms)
		return due_ms;
	*fault = LLM_TOO_LONG;
	return total_ms;
}

/* What is waited for has changed. */
static void
set_timer(struct llm_call *call)
{
	enum llm_fault fault;

	loop_timer_set(
		call->client->loop, &call->timer, deadline(call, &fault));
}

/* ---- the answer */

static void
on_event(void *arg, const struct llm_event *event)
{
	struct llm_call *call = arg;

	if (call->state != CALL_GONE)
		call->handlers->on_event(call->arg, event);
}

/* The request is not sent again; as a rule it has been sent whole. */
static void
begin_stream(struct llm_call *call)
{
	curl_off_t sent = 0;

	call->state = CALL_STREAMING;
	call->heard_ms = loop_now_ms(call->client->loop);
	set_timer(call);
	call->stream =
		openai_stream_open(on_event, call, call->client->reply_max);
	curl_easy_getinfo(call->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
	if ((size_t)sent >= call->body.len)
		buf_free(&call->body);
}

static void
begin_refusal(struct llm_call *call)
{
	call->state = CALL_REFUSED;
	call->heard_ms = loop_now_ms(call->client->loop);
	set_timer(call);
}

static size_t
feed(struct llm_call *call, const char *bytes, size_t len)
{
	call->too_much = !received_body(
		&call->received, call->easy, call->client->reply_max, len);
	if (call->too_much)
		return 0;
	return openai_stream_feed(call->stream, bytes, len) == LLM_OK ? len : 0;
}

/* Anything but *len* makes libcurl end the transfer: on_done() follows. */
static size_t
on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct llm_call *call = arg;
	size_t len = size * n;

	if (call->state == CALL_ASKING && status_of(call) / 100 == 2)
		begin_stream(call);
	else if (call->state == CALL_ASKING)
		begin_refusal(call);
	call->heard_ms = loop_now_ms(call->client->loop);
	if (call->state == CALL_STREAMING)
		return feed(call, bytes, len);
	if (call->state != CALL_REFUSED)
		return 0;
	buf_append(&call->error_body, bytes,
		MIN(len, ERROR_BODY_MAX - call->error_body.len));
	return call->error_body.len < ERROR_BODY_MAX ? len : 0;
}

static size_t
on_header(char *line, size_t size, size_t n, void *arg)
{
	struct llm_call *call = arg;
	struct span span = { line, size * n };
	int64_t asked_ms = retry_after_ms(span, clock_wall_ms() / 1000);

	if (asked_ms >= 0)
		call->retry_after_ms = asked_ms;
	return received_header(&call->received, span.len) ? span.len : 0;
}

static void
fail_unanswered(struct llm_call *call, CURLcode code)
{
	struct failure failure = { .status = proxy_status(call->easy) };

	fail(call, failure_of_curl((int)code), &failure,
		failure.status != 0 ? "the proxy refused"
				    : curl_easy_strerror(code));
}

static void
on_done(CURL *easy, CURLcode curl_code)
{
	struct llm_call *call;
	long status;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &call);
	leave_multi(call);
	status = status_of(call);
	if (call->state == CALL_GONE)
		return;
	if (call->state == CALL_ASKING && curl_code == CURLE_OK &&
		status / 100 == 2)
		begin_stream(call); /* an empty body */
	if (call->state == CALL_STREAMING)
		end_stream(call, curl_code == CURLE_OK,
			call->too_much ? LLM_TOO_BIG : LLM_OK);
	else if (status >= 300)
		fail_refused(call, status);
	else
		fail_unanswered(call, curl_code);
}

/* ---- the request */

static void
make_request(struct llm_call *call)
{
	call->easy = upstream_request(
		&call->client->upstream, buf_span(&call->body));
	proxy_use(&call->client->proxy, call->easy);
	curl_easy_setopt(call->easy, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(call->easy, CURLOPT_HEADERDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_PRIVATE, call);
}

static void
ask(struct llm_call *call)
{
	struct llm_client *client = call->client;
	long own = client->n_calls > REUSE_MAX;

	if (call->easy == NULL)
		make_request(call);
	curl_easy_setopt(call->easy, CURLOPT_FRESH_CONNECT, own);
	curl_easy_setopt(call->easy, CURLOPT_FORBID_REUSE, own);
	buf_clear(&call->error_body);
	call->retry_after_ms = -1;
	call->received = (struct received){ 0 };
	call->state = CALL_ASKING;
	call->asked_ms = loop_now_ms(client->loop);
	set_timer(call);
	if (curl_multi_add_handle(client->multi.handle, call->easy) != CURLM_OK)
		abort(); /* it is a sound handle and in no multi handle */
	call->in_multi = true;
}

static void
run_out_of_time(struct llm_call *call, enum llm_fault fault)
{
	leave_multi(call);
	if (call->state == CALL_STREAMING)
		end_stream(call, false, fault);
	else if (call->state == CALL_REFUSED)
		fail_refused(call, status_of(call));
	else
		fail_silent(call, fault, "");
}

static void
on_timer(void *arg)
{
	struct llm_call *call = arg;
	struct llm_client *client = call->client;
	struct llm_result result = LLM_RESULT_INIT;
	enum llm_fault fault;
	int64_t due_ms;

	if (!client->upstream.configured) {
		result.fault = LLM_NO_MODEL;
		end(call, &result);
		return;
	}
	if (call->state == CALL_WAITING) {
		ask(call);
		return;
	}
	due_ms = deadline(call, &fault);
	if (loop_now_ms(client->loop) >= due_ms)
		run_out_of_time(call, fault);
	else
		loop_timer_set(client->loop, &call->timer, due_ms);
}

/* Asks from the loop's next timers: here we may be inside of libcurl. */
struct llm_call *
llm_call_start(struct llm_client *client, struct buf *body, unsigned attempts,
	const struct llm_handlers *handlers, void *arg)
{
	struct llm_call *call = mem_zalloc(sizeof(*call));

	call->client = client;
	call->handlers = handlers;
	call->arg = arg;
	call->attempt = attempts;
	call->started_ms = loop_now_ms(client->loop);
	call->timer.fn = on_timer;
	call->timer.arg = call;
	buf_move(&call->body, body);
	call->next = client->calls;
	if (client->calls != NULL)
		client->calls->prev = call;
	client->calls = call;
	client->n_calls++;
	loop_timer_set(client->loop, &call->timer, call->started_ms);
	return call;
}

const struct failure *
llm_call_refusal(const struct llm_call *call, unsigned *attempts)
{
	*attempts = call->attempt;
	return call->refusal;
}

/* ---- the client */

enum err
llm_client_open(
	struct loop *loop, const struct llm_conf *conf, struct llm_client **out)
{
	struct llm_client *client = mem_zalloc(sizeof(*client));
	enum err err;

	client->loop = loop;
	client->retries = conf->retries;
	client->reply_max = (size_t)conf->reply_max;
	client->first_byte_timeout_ms = conf->first_byte_timeout_ms;
	client->idle_timeout_ms = conf->idle_timeout_ms;
	client->total_timeout_ms = conf->total_timeout_ms;
	multi_open(&client->multi, loop, IDLE_MAX, on_done);
	err = upstream_open(&client->upstream, conf);
	if (err == OK)
		err = proxy_open(&client->proxy, conf);
	if (err != OK)
		llm_client_close(client);
	else
		*out = client;
	return err;
}

enum err
llm_client_check(const struct llm_conf *conf)
{
	struct upstream upstream;
	enum err err = upstream_open(&upstream, conf);

	upstream_free(&upstream);
	return err;
}

void
llm_client_close(struct llm_client *client)
{
	if (client == NULL)
		return;
	client->multi.closing = true;
	for (struct llm_call *call = client->calls, *next; call != NULL;
		call = next) {
		next = call->next;
		loop_timer_clear(client->loop, &call->timer);
		free_call(call);
	}
	multi_close(&client->multi);
	upstream_free(&client->upstream);
	proxy_free(&client->proxy);
	free(client);
}

size_t
llm_client_calls(const struct llm_client *client)
{
	return client->n_calls;
}
