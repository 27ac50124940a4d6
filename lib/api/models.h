/* models.h: writes the available models as an answer. */

#ifndef API_MODELS_H
#define API_MODELS_H

#include "base/err.h"
#include "chat/models.h"
#include "http/request.h"
#include "http/response.h"

/*
 * 200 {"models": [{id, label, provider, kind, isDefault, abilities: {tools,
 * images, files, reasoning}, contextTokens, problem}], "defaultId"} | 304. An
 * ability is true unless it is known to be missing; *problem* is null, or
 * "failing" if the model cannot be asked, or has failed repeatedly in the last
 * minutes. *defaultId* is null if there is none.
 */
MUST_USE enum err
models_reply(struct request *rq, struct response *rs, struct models *models);

#endif
