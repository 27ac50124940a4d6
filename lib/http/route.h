/*
 * route.h: a program is a table of routes. A pattern is a path with ":name" for
 * one segment; the first matching row wins.
 */

#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "base/err.h"
#include "conf/rule.h"
#include "http/request.h"
#include "http/response.h"
#include "json/json.h"

enum route_access {
	ANYONE,
	LOGGED_IN,
	ENROLLING, /* allowed without the required second factor */
	ADMIN, /* logged in, and administers the site */
	OPERATOR, /* see api/operator.h */
};

/* How large a request's body may be. */
enum route_body {
	SMALL_BODY, /* ROUTE_SMALL_BODY: short fields and lists */
	TEXT_BODY, /* ROUTE_TEXT_BODY: a text of several pages */
	LARGE_BODY, /* http.body_max: pictures, whole conversations */
};

#define ROUTE_SMALL_BODY ((size_t)16 << 10)
#define ROUTE_TEXT_BODY ((size_t)64 << 10)

/* The limit of a body follows from the limits of its members: each character
 * of a text may be written as an escape, and blanks, keys and ids need some
 * space. */
#define ROUTE_FITS(chars, body) \
	((size_t)(chars)*JSON_CHAR_MAX + ((size_t)2 << 10) <= (body))

struct route {
	const char *method;
	const char *pattern;
	enum err (*handler)(struct request *rq, struct response *rs);
	enum route_access access;
	enum limit limit; /* the rule of [limits] that applies */
	enum route_body body;
};

/* All routes of a program; *common* are those of every program. */
struct routes {
	const struct route *own, *common;
	size_t n_own, n_common;
};

/* Finds the row for rq->method and rq->path and fills rq->params. ERR_NOT_FOUND
 * | ERR_METHOD (adds an Allow header to *rs*). GET routes also serve HEAD. */
MUST_USE enum err route_find(const struct route *routes, size_t n,
	struct request *rq, struct response *rs, const struct route **out);

#endif
