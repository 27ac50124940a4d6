/*
 * session_change.h: what a person may change about a session: the body of PATCH
 * /api/ai/sessions/:id, and the part of it that may accompany a question.
 */

#ifndef API_SESSION_CHANGE_H
#define API_SESSION_CHANGE_H

#include "base/err.h"
#include "http/request.h"
#include "repo/session.h"

/* {title?, pinned?, archived?, leafId?, model?, options?}, at least one of
 * them, in the request's memory. ERR_INVALID; ERR_NO_MODEL. */
MUST_USE enum err
session_change_read(struct request *rq, struct session_change *out);

/* *json* in its stored form (llm/choice.h); absent if nothing is chosen.
 * ERR_INVALID */
MUST_USE enum err
session_options_read(struct request *rq, struct span json, struct span *out);

/* Whether the model with this models_id() exists and can be asked.
 * ERR_NOT_FOUND. */
MUST_USE enum err session_model_find(struct request *rq, uint64_t id);

#endif
