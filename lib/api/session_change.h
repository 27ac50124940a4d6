/*
 * session_change.h: what a person changes of a session: the body of PATCH
 * /api/ai/sessions/:id; and what of that a question may bring along.
 */

#ifndef API_SESSION_CHANGE_H
#define API_SESSION_CHANGE_H

#include "base/err.h"
#include "http/request.h"
#include "repo/session.h"

/* {title?, pinned?, archived?, leafId?, model?, options?}, one of them at least,
 * in the request's memory. ERR_INVALID; ERR_NO_MODEL. */
MUST_USE enum err
session_change_read(struct request *rq, struct session_change *out);

/* *json* as it is stored (llm/choice.h); absent: nothing is chosen. ERR_INVALID */
MUST_USE enum err
session_options_read(struct request *rq, struct span json, struct span *out);

/* Whether anybody could ask the model of this models_id(). ERR_NOT_FOUND. */
MUST_USE enum err session_model_find(struct request *rq, uint64_t id);

#endif
