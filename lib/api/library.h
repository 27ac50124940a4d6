/*
 * library.h: all of one's own assistants and prompts as one JSON file
 *
 *	{"lamplight": "library", "version": 1, "assistants": [{name, icon,
 *	 description, modelId, options, tools, starters, instructions}],
 *	 "prompts": [{name, text}]}
 *
 * and what is in such a file added to them, all of it or nothing. What is there
 * already with the same name and content is not added again; a prompt of a
 * name that another has gets a number behind it. A model that is not here is
 * the default.
 */

#ifndef API_LIBRARY_H
#define API_LIBRARY_H

#include "base/err.h"
#include "http/request.h"
#include "http/response.h"
#include "repo/saved_prompt.h"
#include "json/write.h"

#define LIBRARY_FILE_MAX ((size_t)4 << 20) /* bytes */

/* GET /api/ai/library -> 200, the file */
enum err library_get(struct request *rq, struct response *rs);
/* POST /api/ai/library, such a file -> 200 {added, skipped, items: [{kind, name,
 * added, as?, modelLost?}]} | 400 | 409 too_many, name_taken (99 of that name),
 * library_full | 413; *kind* is "assistant" or "prompt", *as* a prompt's name
 * now, *modelLost* that it names a model that is not here */
enum err library_add(struct request *rq, struct response *rs);

/* ---- for the export of everything, too */

/* As the members of an open object. */
void
library_put_prompt(struct json_writer *w, const struct saved_prompt *prompt);

#endif
