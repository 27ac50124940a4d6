#include "http/route.h"

#include <stdio.h>
#include <string.h>

/* The segment at *at, which then moves past it and its slash. */
static struct span
next_segment(const char **at)
{
	struct span segment = { *at, strcspn(*at, "/") };

	*at += segment.len;
	if (**at == '/')
		(*at)++;
	return segment;
}

static bool
matches(const char *pattern, struct request *rq)
{
	const char *path = rq->path;
	struct span want, got;

	rq->n_params = 0;
	while (*pattern != '\0' && *path != '\0') {
		want = next_segment(&pattern);
		got = next_segment(&path);
		if (want.len == 0 || want.data[0] != ':') {
			if (!span_equal(want, got))
				return false;
			continue;
		}
		if (got.len == 0 || rq->n_params == REQUEST_PARAMS_MAX)
			return false;
		rq->params[rq->n_params].name =
			(struct span){ want.data + 1, want.len - 1 };
		rq->params[rq->n_params++].value = got;
	}
	return *pattern == '\0' && *path == '\0' &&
		rq->path[strlen(rq->path) - 1] != '/';
}

enum err
route_find(const struct route *routes, size_t n, struct request *rq,
	struct response *rs, const struct route **out)
{
	const char *method =
		strcmp(rq->method, "HEAD") == 0 ? "GET" : rq->method;
	struct buf allowed = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		if (!matches(routes[i].pattern, rq))
			continue;
		if (strcmp(routes[i].method, method) == 0) {
			buf_free(&allowed);
			*out = &routes[i];
			return OK;
		}
		buf_printf(&allowed, "%s%s", allowed.len > 0 ? ", " : "",
			routes[i].method);
	}
	if (allowed.len == 0)
		return ERR_NOT_FOUND;
	response_header(rs, "Allow", "%s", buf_str(&allowed));
	buf_free(&allowed);
	return ERR_METHOD;
}
