/*
 * assistants.h: the handlers of /api/ai/assistants and /api/ai/prompts: what
 * people have saved to use it again, their own and what is published to all
 * (repo/assistant.h, repo/saved_prompt.h).
 *
 *	assistant  {id, name, icon, description, modelId, options, tools, starters,
 *	           mine, published, version, updateTime, instructions?}
 *	prompt     {id, name, text, mine, published, version}
 *
 * modelId, options and tools are null for the default, for none, for all.
 * instructions are for the owner alone, and not in the list. A change says which
 * version it was made from; 409 changed_elsewhere when there is another by now.
 * Who may change, publish and withdraw them: publish.h.
 */

#ifndef API_ASSISTANTS_H
#define API_ASSISTANTS_H

#include "api/assistant_form.h"
#include "http/request.h"
#include "http/response.h"
#include "json/write.h"

/* GET /api/ai/assistants -> 200 {assistants: [assistant], defaultId} by name | 304;
 * *defaultId* is the site's (admin_setting.c), or null */
enum err assistants_list(struct request *rq, struct response *rs);
/* GET /api/ai/assistants/:id -> 200 assistant | 404 */
enum err assistants_get(struct request *rq, struct response *rs);
/* POST /api/ai/assistants {name, ...} -> 201 assistant | 400 | 409 too_many,
 * library_full, model_unknown */
enum err assistants_add(struct request *rq, struct response *rs);
/* PATCH /api/ai/assistants/:id {version, ...} -> 200 assistant | 400 | 403 | 404 |
 * 409 changed_elsewhere, too_many, library_full, model_unknown */
enum err assistants_change(struct request *rq, struct response *rs);
/* DELETE /api/ai/assistants/:id -> 204 | 403 | 404; chats go on with theirs */
enum err assistants_remove(struct request *rq, struct response *rs);

/* GET /api/ai/prompts -> 200 {prompts: [prompt]}, one's own first, by name | 304 */
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

/* What an assistant says, as members of an open object; the instructions too,
 * where they are read. */
void
assistants_put_text(struct json_writer *w, const struct assistant_text *text);

/* ERR_CONFLICT (model_unknown) where the form names a model that nobody could
 * ask. Keeps the database's error. */
MUST_USE enum err
assistants_check_model(struct request *rq, const struct assistant_form *form);

/* Answers with what *text* holds, or that who asks has it already. */
void assistants_reply_tagged(
	struct request *rq, struct response *rs, struct buf *text);

#endif
