/*
 * route.h: a program is a table of routes. A pattern is a path with ":name"
 * for one segment; the first row that fits wins.
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
	SIGNED_IN,
	ENROLLING, /* also without the second factor that is demanded */
	ADMIN, /* signed in, and administers the site */
	OPERATOR, /* api/operator.h */
};

/* What a request's body may be. */
enum route_body {
	SMALL_BODY, /* ROUTE_SMALL_BODY bytes, for what is typed and lists */
	TEXT_BODY, /* ROUTE_TEXT_BODY bytes, for a text of pages */
	LARGE_BODY, /* http.body_max, for pictures and whole conversations */
};

#define ROUTE_SMALL_BODY ((size_t)16 << 10)
#define ROUTE_TEXT_BODY ((size_t)64 << 10)

/* A cap on a body follows from those on its members: each character of a text
 * may be written as an escape, and blanks, keys and ids need some room. */
#define ROUTE_FITS(chars, body) \
	((size_t)(chars)*JSON_CHAR_MAX + ((size_t)2 << 10) <= (body))

struct route {
	const char *method;
	const char *pattern;
	enum err (*handler)(struct request *rq, struct response *rs);
	enum route_access access;
	enum limit limit; /* the rule of [limits] that counts it */
	enum route_body body;
};

/* All that a program answers: *common* is what every program has. */
struct routes {
	const struct route *own, *common;
	size_t n_own, n_common;
};

/* The row for rq->method and rq->path; fills rq->params. ERR_NOT_FOUND |
 * ERR_METHOD (an Allow header is added to *rs*). HEAD is served by GET. */
MUST_USE enum err route_find(const struct route *routes, size_t n,
	struct request *rq, struct response *rs, const struct route **out);

#endif
