/*
 * export.h: everything of one's own, as JSON Lines in pages. A page is bounded
 * like any answer, so an account of any size takes the same memory, a lost
 * connection or a restart costs one page, and whoever reads slowly holds
 * nothing. Pages follow one another by Link; the lines of all of them are one
 * file:
 *
 *	{"type":"account","account":{id, username, createTime},"instructions","sessions":n}
 *	{"type":"usage","usage":{date, messages, inputTokens, outputTokens}}
 *	{"type":"modelUsage","usage":{date, modelId, name, replies, inputTokens,
 *	 cachedTokens, outputTokens, cost}}
 *	{"type":"login","login":{id, createTime, lastTime, browser, ...}}
 *	{"type":"assistant","assistant":{as library.h has it}}
 *	{"type":"prompt","prompt":{name, text}}
 *	{"type":"session","session":{id, title, ...},"instructions"}
 *	{"type":"message","sessionId","parentId","shown","message":{id, role, parts, metadata}}
 *
 * Assistants and prompts are one's own: those of others may be used, and what
 * they are told is in no export. cost is in millionths, null where it is not
 * known. Sessions come in the order of their ids, each followed by its messages, those
 * of all branches; *shown*: on the path that is shown. A reply that is still
 * running is left out; whatever is stored after its place has passed, too.
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
