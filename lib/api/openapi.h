/*
 * openapi.h: the API in its own words, docs/openapi.json. It lies in the
 * program that serves all of /api/ that is nobody else's: so it needs no rule
 * in a web server, is there below every base path, and is that of this build.
 */

#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include "base/err.h"
#include "http/request.h"
#include "http/response.h"

/* GET /api/openapi.json -> 200 the document, for anybody | 304 */
enum err openapi_get(struct request *rq, struct response *rs);

#endif
