/*
 * library.h: exports all of a user's assistants and prompts as one JSON file
 *
 *	{"lamplight": "library", "version": 1, "assistants": [{name, icon,
 *	 description, modelId, options, tools, starters, instructions}],
 *	 "prompts": [{name, text}]}
 *
 * and imports such a file, whole or not at all. Items that exist with the same
 * name and content are skipped; a prompt whose name is taken gets a number
 * appended. A model that does not exist here is replaced by the default.
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
/* POST /api/ai/library, such a file -> 200 {added, skipped, items: [{kind,
 * name, added, as?, modelLost?}]} | 400 | 409 too_many, name_taken (99 of that
 * name), library_full | 413; *kind* is "assistant" or "prompt", *as* the new
 * name of a prompt, *modelLost* says that its model does not exist here */
enum err library_add(struct request *rq, struct response *rs);

/* ---- also used by the export of everything */

/* Writes the members of an open object. */
void
library_put_prompt(struct json_writer *w, const struct saved_prompt *prompt);

#endif
