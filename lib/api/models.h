/*
 * models.h: the models that people can pick, as an answer.
 */

#ifndef API_MODELS_H
#define API_MODELS_H

#include "base/err.h"
#include "chat/models.h"
#include "http/request.h"
#include "http/response.h"

/*
 * 200 {"models": [{id, label, provider, kind, isDefault, abilities: {tools,
 * images, files, reasoning}, contextTokens, problem}], "defaultId"} | 304. An
 * ability is what is not known to be missing; *problem* is null, or "failing": it
 * cannot be asked, or has failed again and again in the last minutes. *defaultId* is null when there is none.
 */
MUST_USE enum err
models_reply(struct request *rq, struct response *rs, struct models *models);

#endif
