/*
 * client.h: calls to the model. The sole user of libcurl: all calls of a loop
 * share one multi handle, which the loop's descriptors and timers drive.
 *
 * TLS is verified, redirects are not followed, and the proxy (proxy.h) is
 * never taken from the environment. Encodings that were not asked for are
 * decoded. Before an answer begins, a call is retried (llm.retries times)
 * after connection errors, 408, 409, 429 and 5xx, and after such an error that
 * a stream contains in place of an answer. It waits 2 s, 4 s, ... or what
 * Retry-After says (retry.h). Once anything was shown, it is never retried.
 * Events and results never contain the key, the address or an upstream's error
 * text; the log has the provider's message as far as wire/failure_log.h
 * allows, so that an operator can see the cause.
 *
 * One call holds at most: its request, until it is sent; its stream's state
 * (wire/stream.h) and the reply made from it (llm.reply_max); 16 KB of an
 * error's body; libcurl's kilobyte of received bytes, one header line of 100
 * KB, and the decoder's window (some 40 KB for gzip, or 8 MB for zstd).
 * received.h limits how much may arrive in total, share.h how much at once.
 */

#ifndef LLM_CLIENT_H
#define LLM_CLIENT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/loop.h"
#include "base/trace.h"
#include "conf/conf.h"
#include "llm/model.h"
#include "wire/event.h"

struct llm_client;
struct llm_call;
struct failure; /* see wire/failure.h */

/*
 * on_event receives the events in order, on_end the one result. Both are called
 * in the loop's thread, and never from inside llm_call_start(). Either may
 * cancel the call; after on_end or llm_call_cancel() the call is gone.
 */
struct llm_handlers {
	void (*on_event)(void *arg, const struct llm_event *event);
	void (*on_end)(void *arg, const struct llm_result *result);
};

/* Copies the timeouts and limits from *conf*. */
struct llm_client *
llm_client_open(struct loop *loop, const struct llm_conf *conf);

/* Cancels running calls. Call this when the loop has stopped. */
void llm_client_close(struct llm_client *client);

/*
 * Whether answers that have gone on for a second (of a client with up to 500
 * calls) are left unread: whoever stores what they say in batches need not be
 * woken for each word. Initially they are read as they come. llm_client_look()
 * reads what has arrived.
 */
void llm_client_hold(struct llm_client *client, bool hold);
void llm_client_look(struct llm_client *client);

/* POSTs *body* (taken over and left empty) to *model*, which the call holds, at
 * the path of its wire. *attempts* of llm.retries were already used for the
 * same question in another form (wire/adapt.h). */
struct llm_call *llm_call_start(struct llm_client *client,
	struct llm_model *model, struct buf *body, unsigned attempts,
	const struct llm_handlers *handlers, void *arg);

/* Sends the model the trace of the request. Call this right after the start. */
void llm_call_trace(struct llm_call *call, const struct trace *trace);

/* For on_end: the refusal of the request, by status or by an error in place of
 * an answer; NULL if there was none. Sets *attempts* to the number of
 * llm.retries used. */
const struct failure *
llm_call_refusal(const struct llm_call *call, unsigned *attempts);

/* For on_end: whether the stream contained an error in place of an answer.
 * Another model may be able to answer. No LLM_BEGIN was sent. */
bool llm_call_in_place(const struct llm_call *call);

/* No callback comes afterwards. The memory is freed by loop_free_later(). */
void llm_call_cancel(struct llm_call *call);

#endif
