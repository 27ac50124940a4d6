/*
 * export.h: exports everything of a user as JSON Lines, in pages. A page is
 * bounded like any answer, so an account of any size takes the same memory, a
 * lost connection or a restart costs one page, and a slow reader occupies
 * nothing. Link headers connect the pages; together their lines form one file:
 *
 *	{"type":"account","account":{id, username, createTime},"instructions","sessions":n}
 *	{"type":"usage","usage":{date, messages, inputTokens, outputTokens}}
 *	{"type":"modelUsage","usage":{date, modelId, name, replies, inputTokens,
 *	 cachedTokens, outputTokens, cost}}
 *	{"type":"login","login":{id, createTime, lastTime, browser, ...}}
 *	{"type":"assistant","assistant":{as in library.h}}
 *	{"type":"prompt","prompt":{name, text}}
 *	{"type":"session","session":{id, title, ...},"instructions"}
 *	{"type":"message","sessionId","parentId","shown","message":{id, role, parts, metadata}}
 *
 * It contains only the user's own assistants and prompts: those of others may
 * be used, but their instructions are in no export. cost is in millionths, null
 * if unknown. Sessions are ordered by id, each followed by the messages of all
 * its branches; *shown*: on the shown path. A reply that is still running is
 * left out, and so is data stored after its place has been passed.
 */

#ifndef API_EXPORT_H
#define API_EXPORT_H

#include "base/err.h"
#include "http/request.h"
#include "http/response.h"

/* GET /api/ai/sessions/export?cursor -> 200 application/x-ndjson, with a Link
 * "next" unless it is the last page | 400 */
enum err export_get(struct request *rq, struct response *rs);

#endif
