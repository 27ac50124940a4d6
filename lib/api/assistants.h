/*
 * assistants.h: the handlers of /api/ai/assistants and /api/ai/prompts: what
 * people have saved for reuse, their own and what is published to all
 * (repo/assistant.h, repo/saved_prompt.h).
 *
 *	assistant  {id, name, icon, description, modelId, options, tools, starters,
 *	           mine, published, version, updateTime, instructions?}
 *	prompt     {id, name, text, mine, published, version}
 *
 * modelId null means the default model, options null means none, tools null
 * means all. Only the owner sees the instructions, which are not in the list. A
 * change names the version on which it is based; 409 changed_elsewhere if there
 * is another one by now. publish.h says who may change, publish and withdraw
 * them.
 */

#ifndef API_ASSISTANTS_H
#define API_ASSISTANTS_H

#include "api/assistant_form.h"
#include "http/request.h"
#include "http/response.h"
#include "json/write.h"

/* GET /api/ai/assistants -> 200 {assistants: [assistant], defaultId} by name |
 * 304; *defaultId* is the site's (admin_setting.c), or null */
enum err assistants_list(struct request *rq, struct response *rs);
/* GET /api/ai/assistants/:id -> 200 assistant | 404 */
enum err assistants_get(struct request *rq, struct response *rs);
/* POST /api/ai/assistants {name, ...} -> 201 assistant | 400 | 409 too_many,
 * library_full, model_unknown */
enum err assistants_add(struct request *rq, struct response *rs);
/* PATCH /api/ai/assistants/:id {version, ...} -> 200 assistant | 400 | 403 | 404 |
 * 409 changed_elsewhere, too_many, library_full, model_unknown */
enum err assistants_change(struct request *rq, struct response *rs);
/* DELETE /api/ai/assistants/:id -> 204 | 403 | 404; chats keep theirs */
enum err assistants_remove(struct request *rq, struct response *rs);

/* GET /api/ai/prompts -> 200 {prompts: [prompt]}, the user's own first, then by
 * name | 304 */
enum err prompts_list(struct request *rq, struct response *rs);
/* POST /api/ai/prompts {name, text} -> 201 prompt | 400 | 409 name_taken,
 * too_many, library_full */
enum err prompts_add(struct request *rq, struct response *rs);
/* PATCH /api/ai/prompts/:id {version, ...} -> 200 prompt | 400 | 403 | 404 |
 * 409 changed_elsewhere, name_taken, too_many, library_full */
enum err prompts_change(struct request *rq, struct response *rs);
/* DELETE /api/ai/prompts/:id -> 204 | 403 | 404 */
enum err prompts_remove(struct request *rq, struct response *rs);

/* ---- for assistants.c, prompts.c and library.c */

/* The contents of an assistant as members of an open object; includes the
 * instructions if they were read. */
void
assistants_put_text(struct json_writer *w, const struct assistant_text *text);

/* Answers with the content of *text*, or with 304 if the client has it
 * already. */
void assistants_reply_tagged(
	struct request *rq, struct response *rs, struct buf *text);

#endif
