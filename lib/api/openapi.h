/*
 * openapi.h: the description of the API, docs/openapi.json. It is part of the
 * program that serves the rest of /api/, so it needs no rule in the web server,
 * works below every base path, and matches this build.
 */

#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include "base/err.h"
#include "http/request.h"
#include "http/response.h"

/* GET /api/openapi.json -> 200 the document, for anybody | 304 */
enum err openapi_get(struct request *rq, struct response *rs);

#endif
