/*
 * responses_kept.h: what OpenAI Responses keep (kept.h), under "openai". Nothing
 * is stored at the provider (store: false), so reasoning goes back as it came:
 *
 *	on a reasoning part	{"itemId":...,"reasoningEncryptedContent":...}
 *	on a text part		{"phase":...}
 *
 * The parts of one item have the same itemId, and the last has its state; the
 * names are those of @ai-sdk/openai. Of ours are "content":true on a thought
 * that came as the item's content and not as its summary, and "whole":false on
 * a part that followed an item which cannot be told again (a search of the
 * provider's own).
 */

#ifndef LLM_RESPONSES_KEPT_H
#define LLM_RESPONSES_KEPT_H

#define RESPONSES_WORD "responses" /* of llm.kind */
#define RESPONSES_KEPT_BY "openai"
#define RESPONSES_ITEM "itemId"
#define RESPONSES_STATE "reasoningEncryptedContent"
#define RESPONSES_CONTENT "content"
#define RESPONSES_PHASE "phase"
#define RESPONSES_WHOLE "whole"

#endif
