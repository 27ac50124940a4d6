/*
 * client.h: calls to the model. Sole user of libcurl: all calls of one loop
 * in one multi handle, driven by the loop's descriptors and timers.
 *
 * TLS is verified, redirects are not followed, a proxy (proxy.h) is never
 * taken from the environment. Encodings that were not asked for are decoded.
 * Before an answer a call is tried again (llm.retries times) after connection
 * errors, 408, 409, 429 and 5xx, and after an error of that kind that a stream
 * has in place of any answer, waiting 2 s, 4 s, ... or what Retry-After asks
 * for (retry.h); once anything was shown, never.
 * Neither the key nor the address nor anything an upstream says in an error
 * is ever in an event or a result; the log has what failure_log.h leaves of
 * the provider's message, so that an operator can read why.
 *
 * What one call holds at most: its request, until it is sent; what its stream
 * holds (stream.h) and the reply made of that (llm.reply_max); 16 KB of
 * an error's body; libcurl's kilobyte of received bytes, one header line of
 * 100 KB and the decoder's window (some 40 KB for gzip), or 8 MB for zstd. What
 * may come at all: received.h; and at once: share.h.
 */

#ifndef LLM_CLIENT_H
#define LLM_CLIENT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/loop.h"
#include "base/trace.h"
#include "conf/conf.h"
#include "llm/event.h"
#include "llm/model.h"

struct llm_client;
struct llm_call;
struct failure; /* failure.h */

/*
 * on_event gets the events in order, on_end the one result; both in the
 * loop's thread and never from inside llm_call_start(). Either may cancel the
 * call; after on_end, and after llm_call_cancel(), the call is gone.
 */
struct llm_handlers {
	void (*on_event)(void *arg, const struct llm_event *event);
	void (*on_end)(void *arg, const struct llm_result *result);
};

/* *conf* is copied from: how patient it is, and how much it takes. */
struct llm_client *
llm_client_open(struct loop *loop, const struct llm_conf *conf);

/* Cancels what still runs. When the loop has stopped. */
void llm_client_close(struct llm_client *client);

/* POSTs *body* (taken over and left empty) to *model*, which it holds, where its
 * wire has that.
 * *attempts* of llm.retries were used up for the same question in another
 * form (adapt.h). */
struct llm_call *llm_call_start(struct llm_client *client,
	struct llm_model *model, struct buf *body, unsigned attempts,
	const struct llm_handlers *handlers, void *arg);

/* Of a call that has just been started: the model is told the trace that it is
 * a part of. */
void llm_call_trace(struct llm_call *call, const struct trace *trace);

/* In on_end: how the request was refused, by its status or in place of any
 * answer in a stream, or NULL; and how many of llm.retries
 * were used up. */
const struct failure *
llm_call_refusal(const struct llm_call *call, unsigned *attempts);

/* In on_end: whether the stream was an error in place of any answer, which
 * another model may give. There was no LLM_BEGIN then. */
bool llm_call_in_place(const struct llm_call *call);

/* No callback comes afterwards. Memory goes through loop_free_later(). */
void llm_call_cancel(struct llm_call *call);

/* How many calls run, for metrics. */
size_t llm_client_calls(const struct llm_client *client);

#endif
