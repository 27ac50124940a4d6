/*
 * instructions.h: the handlers of users' own instructions to the model, in
 * /api/me and /api/ai/sessions. A text has at most INSTRUCTIONS_MAX characters,
 * with line breaks; "" removes it.
 */

#ifndef API_INSTRUCTIONS_H
#define API_INSTRUCTIONS_H

#include "base/err.h"
#include "http/request.h"
#include "http/response.h"

/* GET /api/me/instructions -> 200 {instructions, maxLength} */
enum err instructions_get_mine(struct request *rq, struct response *rs);

/* PATCH /api/me/instructions {instructions} -> 200 {instructions, maxLength} | 400 */
enum err instructions_set_mine(struct request *rq, struct response *rs);

/* GET /api/ai/sessions/:id/instructions -> 200 {instructions, maxLength} | 400 | 404 */
enum err instructions_get(struct request *rq, struct response *rs);

/* PATCH /api/ai/sessions/:id/instructions {instructions}
 * -> 200 {instructions, maxLength} | 400 | 404 */
enum err instructions_set(struct request *rq, struct response *rs);

#endif
