/*
 * kept.h: what a model wants back as it sent it, though it means nothing to
 * us: signatures, encrypted reasoning, ids of items. It is stored and streamed
 * in the part that it belongs to, where the AI SDK stores it: providerMetadata
 * of a text or reasoning part, callProviderMetadata of a tool call:
 *
 *	{"<provider>":{"kind":"<llm.kind>","model":"<llm.model>","of":"<id>",...}}
 *
 * *provider* is the SDK's word ("anthropic", "google", "openai"), what follows
 * is the wire's: any small JSON. Kind, model and the provider of the tables that
 * it is of are of who made it, because no other may see it, and two providers
 * may have models of one name: kept_find() gives it to nobody else. Without a
 * kind it is from chat completions, without "of" from the configuration's
 * model; replies of early releases name no model either.
 *
 * Chat completions keep two:
 *
 *	{"openrouter":{"model":...,"reasoning_details":[...]}}
 *
 * All details of the step in one list, fragments joined, everything else as it
 * came; sent back as `reasoning_details` of the step's assistant message. On
 * the first part that ended after they came (event.h: LLM_KEPT).
 *
 *	{"google":{"model":...,"thoughtSignature":"..."}}
 *
 * On the tool call that it came with; sent back as its extra_content.
 */

#ifndef LLM_KEPT_H
#define LLM_KEPT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "llm/settings.h"
#include "json/json.h"

#include <stdbool.h>

#define KEPT_OPENROUTER "openrouter"
#define KEPT_REASONING_DETAILS "reasoning_details"
#define KEPT_GOOGLE "google"
#define KEPT_THOUGHT_SIGNATURE "thoughtSignature"

/* Who makes it, or is asked: a wire's word, a model's name, and whose that model
 * is (0: the configuration's). */
struct kept_owner {
	const char *kind, *model;
	uint64_t provider_id;
};

struct kept_owner
kept_owner_of(const char *kind, const struct llm_settings *settings);

/* Levels of what is kept: one more and the parts around it, or the list that a
 * client posts around these, would be nested deeper than JSON_DEPTH_MAX, and
 * nobody could read them again. */
#define KEPT_DEPTH_MAX 48

/* Appends that object; *members* is the wire's, a JSON object. What is nested
 * deeper than KEPT_DEPTH_MAX is not kept: then nothing is appended. */
void kept_write(struct buf *out, const struct kept_owner *owner,
	const char *provider, struct span members);

/* What *owner* has kept in this metadata under *provider*, or NULL. *own*
 * decides where no model is named. */
const struct json *kept_find(const struct json *metadata, const char *provider,
	const struct kept_owner *owner, bool own);

/*
 * The parts of a reply that a client posts, an array of objects, without all
 * that a model could have kept in them: whoever posts it may have made it, and
 * a wire would tell it as the model's own. The same span when there is none,
 * else a copy in the arena.
 */
struct span kept_leave_out(struct arena *arena, struct span parts);

#endif
