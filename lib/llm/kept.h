/*
 * kept.h: what a model wants back as it sent it, though it means nothing to
 * us: as it is stored and streamed, as providerMetadata of a part. At most one
 * part of a step has each; both name the model, because no other model may
 * see it.
 *
 *	{"openrouter":{"model":"llm.model","reasoning_details":[...]}}
 *
 * All details of the step in one list, fragments joined, everything else as it
 * came; sent back as `reasoning_details` of the step's assistant message. On
 * the step's first reasoning or text part (providerMetadata), or, where that
 * had ended before they came, on its first tool call (callProviderMetadata).
 *
 *	{"google":{"model":"llm.model","thoughtSignature":"..."}}
 *
 * On the tool call that it came with (callProviderMetadata); sent back as its
 * extra_content. Replies of earlier releases have no model in it.
 */

#ifndef LLM_KEPT_H
#define LLM_KEPT_H

#define KEPT_OPENROUTER "openrouter"
#define KEPT_REASONING_DETAILS "reasoning_details"
#define KEPT_GOOGLE "google"
#define KEPT_THOUGHT_SIGNATURE "thoughtSignature"
#define KEPT_MODEL "model"

#endif
