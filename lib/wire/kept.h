/*
 * kept.h: opaque state, which a model wants back exactly as it sent it:
 * signatures, encrypted reasoning, ids of items. It is stored and streamed in
 * the part that it belongs to, where the AI SDK stores it: providerMetadata of
 * a text or reasoning part, callProviderMetadata of a tool call:
 *
 *	{"<provider>":{"kind":"<kind>","model":"<model>","of":"<id>",...}}
 *
 * *provider* is the SDK's word ("anthropic", "google", "openai"); the remaining
 * members are the wire's own small JSON. "kind" (llm.kind), "model" (llm.model)
 * and "of", the provider's id in the tables, identify the model that made the
 * state. No other model may receive it, and two providers may have models with
 * the same name, so kept_find() gives it only to the owner. State without
 * "kind" is from chat completions, and without "of" from the configuration's
 * model; replies of early releases have no "model" either.
 *
 * Chat completions keep two kinds of state:
 *
 *	{"openrouter":{"model":...,"reasoning_details":[...]}}
 *
 * All details of the step in one list, with fragments joined and everything
 * else unchanged; sent back as `reasoning_details` of the step's assistant
 * message. It is on the first part that ended after the details arrived
 * (event.h: LLM_KEPT).
 *
 *	{"google":{"model":...,"thoughtSignature":"..."}}
 *
 * This is on the tool call that it came with; sent back as the call's
 * extra_content.
 */

#ifndef WIRE_KEPT_H
#define WIRE_KEPT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "wire/settings.h"
#include "json/json.h"

#include <stdbool.h>

#define KEPT_OPENROUTER "openrouter"
#define KEPT_REASONING_DETAILS "reasoning_details"
#define KEPT_GOOGLE "google"
#define KEPT_THOUGHT_SIGNATURE "thoughtSignature"

/* The model that makes or receives state: its wire's word, its name, and the id
 * of its provider (0: the configuration). */
struct kept_owner {
	const char *kind, *model;
	uint64_t provider_id;
};

struct kept_owner
kept_owner_of(const char *kind, const struct llm_settings *settings);

/* The nesting limit of state. With one more level, the parts around it, or the
 * list in which a client posts them, would exceed JSON_DEPTH_MAX and could not
 * be read again. */
#define KEPT_DEPTH_MAX 48

/* Appends that object; *members* is the wire's JSON object. Appends nothing if
 * it is nested more deeply than KEPT_DEPTH_MAX. */
void kept_write(struct buf *out, const struct kept_owner *owner,
	const char *provider, struct span members);

/* The state of *owner* in this metadata under *provider*; NULL if there is
 * none. If the metadata names no model, *own* decides. */
const struct json *kept_find(const struct json *metadata, const char *provider,
	const struct kept_owner *owner, bool own);

/*
 * Removes all opaque state from the parts of a posted reply, an array of
 * objects: the client may have made it up, and a wire would send it as the
 * model's own. Returns the same span if there is none, otherwise a copy in the
 * arena.
 */
struct span kept_leave_out(struct arena *arena, struct span parts);

#endif
