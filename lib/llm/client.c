#include "llm/client_private.h"

#include "base/attr.h"
#include "base/mem.h"

#include <stdlib.h>

/* Above this many calls, each gets a connection of its own: libcurl searches
 * all open connections linearly for a free one. */
#define REUSE_MAX 256
#define IDLE_MAX 64L

/* How many times llm.idle_timeout_ms a stream may send only signs of life.
 * Servers send comments, pings and empty pieces while a model thinks, which may
 * take minutes, and some keep sending them when the model is lost. */
#define ALIVE_IDLES 10

/* ---- the end of a call */

void
llm_call_leave_multi(struct llm_call *call)
{
	share_reset(&call->share);
	if (call->in_multi)
		curl_multi_remove_handle(
			call->client->multi.handle, call->easy);
	call->in_multi = false;
}

static void
free_call(void *arg)
{
	struct llm_call *call = arg;

	llm_call_leave_multi(call);
	if (call->prev != NULL)
		call->prev->next = call->next;
	else
		call->client->calls = call->next;
	if (call->next != NULL)
		call->next->prev = call->prev;
	if (call->easy != NULL)
		curl_easy_cleanup(call->easy);
	curl_slist_free_all(call->headers);
	llm_stream_free(call->stream);
	buf_free(&call->body);
	buf_free(&call->error_body);
	llm_model_release(call->model);
	free(call);
}

/* Silences the call; it is freed when libcurl no longer uses it. */
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

void
llm_call_end(struct llm_call *call, const struct llm_result *result)
{
	if (call->state == CALL_GONE)
		return; /* a handler of its last event has cancelled it */
	drop(call);
	call->handlers->on_end(call->arg, result);
}

/* ---- timeouts */

/* The time until something must be received, or must contain text. */
static int64_t
due(const struct llm_call *call)
{
	const struct llm_client *client = call->client;

	if (call->state == CALL_ASKING)
		return call->asked_ms + client->first_byte_timeout_ms;
	return MIN(call->heard_ms + client->idle_timeout_ms,
		call->said_ms + ALIVE_IDLES * client->idle_timeout_ms);
}

/* When waiting ends, and the fault that this is. */
static int64_t
deadline(const struct llm_call *call, enum llm_fault *fault)
{
	int64_t total_ms = call->started_ms + call->client->total_timeout_ms;
	int64_t due_ms = due(call);

	*fault = call->state == CALL_ASKING ||
			(call->stream != NULL && !call->stream->begun)
		? LLM_SILENT
		: LLM_STALLED;
	if (due_ms < total_ms)
		return due_ms;
	*fault = LLM_TOO_LONG;
	return total_ms;
}

void
llm_call_set_timer(struct llm_call *call)
{
	enum llm_fault fault;

	loop_timer_set(
		call->client->loop, &call->timer, deadline(call, &fault));
}

/* ---- the request */

static void
make_request(struct llm_call *call)
{
	const struct llm_endpoint *endpoint = call->model->endpoint;

	call->easy =
		upstream_request(&endpoint->upstream, buf_span(&call->body));
	call->headers =
		upstream_trace(&endpoint->upstream, &call->trace, call->easy);
	proxy_use(&endpoint->proxy, call->easy);
	curl_easy_setopt(call->easy, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, llm_call_on_body);
	curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(
		call->easy, CURLOPT_HEADERFUNCTION, llm_call_on_header);
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
	llm_call_set_timer(call);
	if (curl_multi_add_handle(client->multi.handle, call->easy) != CURLM_OK)
		abort(); /* the handle is valid and in no multi handle */
	call->in_multi = true;
}

static void
on_timer(void *arg)
{
	struct llm_call *call = arg;
	struct llm_client *client = call->client;
	struct llm_result result = LLM_RESULT_INIT;
	enum llm_fault fault;
	int64_t due_ms;

	if (!llm_model_is_set(call->model)) {
		result.fault = LLM_NO_MODEL;
		llm_call_end(call, &result);
		return;
	}
	if (call->state == CALL_WAITING) {
		ask(call);
		return;
	}
	/* What has arrived counts, although it was left unread: when this
	 * process has stood still, everything seems late. */
	multi_look(&client->multi);
	if (call->state == CALL_GONE || call->state == CALL_WAITING)
		return;
	due_ms = deadline(call, &fault);
	if (loop_now_ms(client->loop) >= due_ms)
		llm_call_late(call, fault);
	else
		loop_timer_set(client->loop, &call->timer, due_ms);
}

/* The request starts with the loop's next timers, because this function may run
 * inside libcurl. */
struct llm_call *
llm_call_start(struct llm_client *client, struct llm_model *model,
	struct buf *body, unsigned attempts,
	const struct llm_handlers *handlers, void *arg)
{
	struct llm_call *call = mem_zalloc(sizeof(*call));

	call->client = client;
	call->model = llm_model_hold(model);
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

void
llm_call_trace(struct llm_call *call, const struct trace *trace)
{
	call->trace = *trace;
}

const struct failure *
llm_call_refusal(const struct llm_call *call, unsigned *attempts)
{
	*attempts = call->attempt;
	return call->refusal;
}

bool
llm_call_in_place(const struct llm_call *call)
{
	return call->in_place;
}

/* ---- the client */

struct llm_client *
llm_client_open(struct loop *loop, const struct llm_conf *conf)
{
	struct llm_client *client = mem_zalloc(sizeof(*client));

	client->loop = loop;
	client->retries = conf->retries;
	client->reply_max = (size_t)conf->reply_max;
	client->first_byte_timeout_ms = conf->first_byte_timeout_ms;
	client->idle_timeout_ms = conf->idle_timeout_ms;
	client->total_timeout_ms = conf->total_timeout_ms;
	multi_open(&client->multi, loop, IDLE_MAX, llm_call_on_done);
	shares_open(&client->shares, loop, llm_call_on_done);
	return client;
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
	shares_close(&client->shares);
	free(client);
}

void
llm_client_hold(struct llm_client *client, bool hold)
{
	multi_hold(&client->multi, hold);
}

void
llm_client_look(struct llm_client *client)
{
	multi_look(&client->multi);
}

size_t
llm_client_calls(const struct llm_client *client)
{
	return client->n_calls;
}
