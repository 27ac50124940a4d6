/* Handles what comes back for a call: events, another attempt, or the end. */

#include "llm/client_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "llm/retry.h"
#include "wire/adapt.h"
#include "wire/failure.h"
#include "wire/failure_log.h"

/* How many bytes of an error's body are examined. */
#define ERROR_BODY_MAX 16384u
/* From then on an answer may wait to be read (llm_client_hold()). What is said
 * earlier is the beginning of an answer, or all of one that is said at once:
 * people wait for these. */
#define STEADY_MS 1000
/* With more calls each wake-up finds words of several, and a descriptor in a
 * loop inside the loop costs more to watch than it saves. */
#define MAY_WAIT_MAX 500

/* ---- a failure */

/* *said* may be NULL; libcurl's sentence is logged then, which contains no
 * address. */
static void
log_failure(const struct llm_call *call, enum llm_fault fault,
	const struct failure *failure, const char *said, bool again)
{
	struct buf message = BUF_INIT;

	if (said != NULL)
		buf_puts(&message, said);
	else
		failure_log_put(&message, failure->message,
			buf_str(&call->model->endpoint->upstream.secrets),
			call->body.len > 0 ? buf_span(&call->body)
					   : (struct span){ NULL, 0 });
	log_trace(call->trace.id);
	log_warn("llm_failed",
		"fault=%s status=%ld code=%s attempt=%u again=%s "
		"message=\"%s\"",
		llm_fault_word(fault), failure->status,
		*failure->code != '\0' ? failure->code : "-", call->attempt + 1,
		again ? "yes" : "no", buf_str(&message));
	log_trace("");
	buf_free(&message);
}

static long
status_of(const struct llm_call *call)
{
	long status = 0;

	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* Whether the same request may succeed later. */
static bool
may_pass(enum llm_fault fault, long status)
{
	return fault == LLM_UNREACHABLE ||
		(failure_may_pass(status) &&
			(fault == LLM_THROTTLED || fault == LLM_OVERLOADED ||
				fault == LLM_FAILED));
}

/* Whether the call is retried after this failure. */
static bool
is_tried_again(const struct llm_call *call, enum llm_fault fault,
	const struct failure *failure)
{
	return call->attempt < call->client->retries &&
		may_pass(fault, failure->status) && !adapt_can(failure);
}

static void
try_again(struct llm_call *call, const struct failure *failure)
{
	if (call->retry_after_ms < 0 && failure->retry_ms > 0)
		call->retry_after_ms = failure->retry_ms;
	llm_stream_free(call->stream);
	call->stream = NULL;
	call->attempt++;
	call->state = CALL_WAITING;
	loop_timer_set(call->client->loop, &call->timer,
		loop_now_ms(call->client->loop) +
			retry_wait_ms(call->attempt, call->retry_after_ms));
}

/* An attempt has failed before its first byte: makes another one, or ends the
 * call. */
static void
fail(struct llm_call *call, enum llm_fault fault, const struct failure *failure,
	const char *said)
{
	struct llm_result result = LLM_RESULT_INIT;
	bool again = is_tried_again(call, fault, failure);

	log_failure(call, fault, failure, said, again);
	if (again) {
		try_again(call, failure);
		return;
	}
	result.fault = fault;
	call->refusal = failure->status != 0 ? failure : NULL;
	llm_call_end(call, &result);
	call->refusal = NULL;
}

/* No answer has arrived. */
static void
fail_silent(struct llm_call *call, enum llm_fault fault, const char *said)
{
	struct failure failure = { .status = 0 };

	fail(call, fault, &failure, said);
}

/* The answer is an error; examines as much of its body as has arrived. */
static void
fail_refused(struct llm_call *call, long status)
{
	struct failure failure;

	failure_read(&failure, status, buf_span(&call->error_body));
	fail(call, failure_fault(&failure, LLM_REJECTED), &failure, NULL);
}

/* The request is not sent again; normally it has been sent completely. */
static void
forget_body(struct llm_call *call)
{
	curl_off_t sent = 0;

	curl_easy_getinfo(call->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
	if ((size_t)sent >= call->body.len)
		buf_free(&call->body);
}

static void
on_event(void *arg, const struct llm_event *event)
{
	struct llm_call *call = arg;

	call->received.silent = 0;
	if (event->type == LLM_BEGIN)
		forget_body(call);
	if (call->state != CALL_GONE)
		call->handlers->on_event(call->arg, event);
}

/* Whether an error in place of an answer is temporary, like one with a
 * status. */
static bool
is_to_pass(struct llm_call *call, enum llm_fault fault)
{
	struct failure failure;

	if (llm_stream_refused(call->stream, &failure) ||
		!llm_stream_may_pass(call->stream, &failure))
		return false;
	if (fault == LLM_ERROR)
		fault = LLM_FAILED;
	call->in_place = !is_tried_again(call, fault, &failure);
	if (call->in_place)
		return false;
	log_failure(call, fault, &failure, NULL, true);
	try_again(call, &failure);
	return true;
}

/* *late* is the timeout that ended the stream; LLM_OK if none did. */
static void
end_stream(struct llm_call *call, bool clean, enum llm_fault late)
{
	struct llm_result result = llm_stream_end(call->stream, clean);
	struct failure failure = *llm_stream_failure(call->stream);

	if (call->state == CALL_GONE)
		return;
	if (late == LLM_OK && is_to_pass(call, result.fault))
		return;
	if (result.fault == LLM_CUT && late != LLM_OK)
		result.fault = late;
	if (result.fault != LLM_OK) {
		failure.status = status_of(call);
		log_failure(call, result.fault, &failure, NULL, false);
	}
	if (llm_stream_refused(call->stream, &failure))
		call->refusal = &failure;
	llm_call_end(call, &result);
	call->refusal = NULL;
}

/* ---- the answer */

static void
begin_stream(struct llm_call *call)
{
	call->state = CALL_STREAMING;
	call->heard_ms = call->said_ms = loop_now_ms(call->client->loop);
	llm_call_set_timer(call);
	call->stream = llm_stream_open(call->model->endpoint->wire, on_event,
		call, call->client->reply_max);
}

static void
begin_refusal(struct llm_call *call)
{
	call->state = CALL_REFUSED;
	call->heard_ms = call->said_ms = loop_now_ms(call->client->loop);
	llm_call_set_timer(call);
}

static size_t
feed(struct llm_call *call, const char *bytes, size_t len)
{
	enum llm_fault fault;

	call->too_much = !received_body(
		&call->received, call->easy, call->client->reply_max, len);
	if (call->too_much)
		return 0;
	fault = llm_stream_feed(call->stream, bytes, len);
	if (call->stream->news) {
		call->said_ms = call->heard_ms;
		if (call->heard_ms - call->asked_ms >= STEADY_MS &&
			call->client->n_calls <= MAY_WAIT_MAX)
			multi_may_wait(&call->client->multi, call->easy);
	}
	call->stream->news = false;
	return fault == LLM_OK ? len : 0;
}

/* Any result but *len* makes libcurl end the transfer, and llm_call_on_done()
 * follows; or it pauses the transfer, and libcurl passes the same bytes again
 * later. */
size_t
llm_call_on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct llm_call *call = arg;
	size_t len = size * n;

	if (call->state == CALL_GONE)
		return 0;
	if (!share_take(&call->client->shares, &call->share, call->easy, len))
		return CURL_WRITEFUNC_PAUSE;
	if (call->state == CALL_ASKING && status_of(call) / 100 == 2)
		begin_stream(call);
	else if (call->state == CALL_ASKING)
		begin_refusal(call);
	call->heard_ms = loop_now_ms(call->client->loop);
	if (call->state == CALL_STREAMING)
		return feed(call, bytes, len);
	buf_append(&call->error_body, bytes,
		MIN(len, ERROR_BODY_MAX - call->error_body.len));
	return call->error_body.len < ERROR_BODY_MAX ? len : 0;
}

size_t
llm_call_on_header(char *line, size_t size, size_t n, void *arg)
{
	struct llm_call *call = arg;
	struct span span = { line, size * n };
	int64_t asked_ms = retry_after_ms(span, clock_wall_ms() / 1000);

	if (asked_ms >= 0)
		call->retry_after_ms = asked_ms;
	share_header(&call->share, span);
	return received_header(&call->received, span.len) ? span.len : 0;
}

/* The fault of a transfer that ended so before an answer. */
static enum llm_fault
fault_of_curl(CURLcode code)
{
	switch ((int)code) {
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_CACERT_BADFILE:
		return LLM_TLS;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_WRITE_ERROR: /* caused by ourselves: too many headers */
	case CURLE_UNSUPPORTED_PROTOCOL:
		return LLM_NOT_STREAM;
	default:
		return LLM_UNREACHABLE;
	}
}

static void
fail_unanswered(struct llm_call *call, CURLcode code)
{
	struct failure failure = { .status = proxy_status(call->easy) };

	fail(call, fault_of_curl(code), &failure,
		failure.status != 0 ? "the proxy refused"
				    : curl_easy_strerror(code));
}

void
llm_call_on_done(CURL *easy, CURLcode curl_code)
{
	struct llm_call *call;
	long status;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &call);
	llm_call_leave_multi(call);
	status = status_of(call);
	if (call->state == CALL_GONE)
		return;
	if (call->state == CALL_ASKING && curl_code == CURLE_OK &&
		status / 100 == 2)
		begin_stream(call); /* the body is empty */
	if (call->state == CALL_STREAMING)
		end_stream(call, curl_code == CURLE_OK,
			call->too_much ? LLM_TOO_BIG : LLM_OK);
	else if (status >= 300)
		fail_refused(call, status);
	else
		fail_unanswered(call, curl_code);
}

void
llm_call_late(struct llm_call *call, enum llm_fault fault)
{
	llm_call_leave_multi(call);
	if (call->state == CALL_STREAMING)
		end_stream(call, false, fault);
	else if (call->state == CALL_REFUSED)
		fail_refused(call, status_of(call));
	else
		fail_silent(call, fault, "");
}
