/*
 * privacy.h: the operator's statement on stored personal data: the text of
 * http.privacy_file, Markdown or plain, unchanged.
 */

#ifndef API_PRIVACY_H
#define API_PRIVACY_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "http/request.h"
#include "http/response.h"

#define PRIVACY_MAX ((size_t)64 << 10) /* bytes */

/* Reads the file into *arena*; absent if none is set. ERR_INVALID (logged): it
 * cannot be read, is too long, or is not UTF-8. */
MUST_USE enum err privacy_load(
	struct arena *arena, const struct http_conf *conf, struct span *out);

/* GET /api/privacy -> 200 {text}, for anybody | 404 if there is none */
enum err privacy_get(struct request *rq, struct response *rs);

#endif
