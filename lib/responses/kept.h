/*
 * kept.h: the opaque state of OpenAI Responses (wire/kept.h), under
 * "openai". The provider stores nothing (store: false), so reasoning goes back
 * unchanged:
 *
 *	on a reasoning part	{"itemId":...,"reasoningEncryptedContent":...}
 *	on a text part		{"phase":...}
 *
 * The parts of one item share its itemId, and the last of them has its state;
 * these names are those of @ai-sdk/openai. Two names are ours: "content":true
 * on a thought that came as the item's content, not as its summary, and
 * "whole":false on a part after an item that cannot be sent back (a search by
 * the provider).
 */

#ifndef RESPONSES_KEPT_H
#define RESPONSES_KEPT_H

#include "wire/kept.h"
#include "wire/turns.h"

#define RESPONSES_WORD "responses" /* the value of llm.kind */
#define RESPONSES_KEPT_BY "openai"
#define RESPONSES_ITEM "itemId"
#define RESPONSES_STATE "reasoningEncryptedContent"
#define RESPONSES_CONTENT "content"
#define RESPONSES_PHASE "phase"
#define RESPONSES_WHOLE "whole"

/* The state that *owner* has in this part of the step; NULL if there is
 * none. */
const struct json *responses_kept(
	const struct kept_owner *owner, const struct step *step, size_t part);

#endif
