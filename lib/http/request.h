/*
 * request.h: one HTTP request as a handler sees it. All its memory is in the
 * request's arena; the struct lives until the answer has been sent.
 */

#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/span.h"
#include "base/trace.h"
#include "json/json.h"

#include <stdbool.h>
#include <stdint.h>

struct app;
struct db;
struct rates_hold;

struct fcgi_exchange;
struct route;

#define REQUEST_PARAMS_MAX 4
#define REQUEST_ID_LEN 24

/* Details of ERR_THROTTLED: the limit that was reached. */
struct request_limit {
	const char *rule, *scope; /* "chat", "user"; NULL if none */
	uint64_t max, left;
	int64_t period_s; /* 0: at once */
	int64_t wait_ms; /* time until another attempt may succeed */
};

/* What the sentence of a refusal says, as data for programs; NULL and 0 are
 * left out. */
struct request_about {
	const char *rule; /* which of several rules, "too_short" */
	const char *member; /* the invalid member of the field's object */
	const char *model; /* the model that is in the way, by its label */
	size_t item; /* of the field's list, from 1, */
	const char *detail; /* and the sentence about it alone */
	size_t max; /* bytes */
};

struct request {
	struct arena *arena;
	const char *method;
	const char *path; /* as sent, without the base path: "/..." */
	const char *query; /* undecoded; "" if there is none */
	struct span body;
	char id[REQUEST_ID_LEN]; /* for the header X-Request-Id and the log */
	struct trace trace; /* named by the client's traceparent */

	/* Filled by the router: the ":id" of its pattern. */
	struct {
		struct span name, value;
	} params[REQUEST_PARAMS_MAX];
	unsigned n_params;

	/* Filled by the program before the handler runs. */
	const struct route *route; /* NULL if no route matches */
	struct app *app;
	struct db *db; /* this thread's connection */
	struct db *reader; /* its replica; NULL if there is none */
	uint64_t user_id; /* set on a LOGGED_IN route */
	uint64_t login_id; /* 0 for a site token (api/guard.h) */
	bool is_admin; /* set on an ADMIN route */
	const char *limits; /* the user's own (conf/own_limits.h), or NULL */
	bool enrolling; /* the login lacks the required second factor */
	struct rates_hold *hold; /* what it holds of the limits (api/limit.h) */
	const struct json *json; /* the body, parsed by request_json() */

	/* The reason of ERR_INVALID for the answer; set by
	 * request_invalid(). */
	const char *detail;
	const char *code; /* overrides err_code() */
	const char *field; /* the invalid member, or NULL */
	struct request_about about;
	struct request_limit limit;

	char **envp; /* private: FastCGI parameters */
	/* Private: the destination of the answer. */
	struct fcgi_exchange *exchange;
};

/* Begins a request that already has an arena: sets its id, and method, path and
 * trace from *envp*, which must live as long as the request. Removes
 * *base_path* from the path. */
void request_open(struct request *rq, char **envp, const char *base_path);

/* The value of Content-Length, or -1 if there is none. ERR_INVALID if it is not
 * a number. */
MUST_USE enum err request_length(const struct request *rq, int64_t *out);

/* A FastCGI parameter ("REMOTE_ADDR"), or NULL. */
const char *request_param(const struct request *rq, const char *name);
/* A header by its usual name ("Idempotency-Key"), or NULL. */
const char *request_header(const struct request *rq, const char *name);
/* A cookie's value in the arena, or NULL. */
const char *request_cookie(const struct request *rq, const char *name);
/* A query member, percent-decoded, or NULL. ERR_INVALID if it is malformed. */
MUST_USE enum err
request_query(struct request *rq, const char *name, const char **out);
/* A query number within bounds, or *otherwise* if the member is missing. */
MUST_USE enum err request_query_int(struct request *rq, const char *name,
	int64_t min, int64_t max, int64_t otherwise, int64_t *out);

/* The Snowflake id that stands for ":name" in the path. A malformed id is
 * ERR_INVALID. */
MUST_USE enum err
request_id(struct request *rq, const char *name, uint64_t *out);
/* The text in place of ":name" in the path, percent-decoded. */
struct span request_path_text(const struct request *rq, const char *name);

/* Parses the body once; it must be a JSON object. ERR_INVALID | ERR_MEDIA_TYPE
 * | ERR_TOO_BIG. */
MUST_USE enum err request_json(struct request *rq, const struct json **out);
/* The body as validated text, for bodies that may be too large for a tree; read
 * it with json_raw_*(). Errors as for request_json(). */
MUST_USE enum err request_raw_json(struct request *rq, struct span *out);
/* A required text member of the body, 1 to *max* characters, without NUL or
 * control characters. */
MUST_USE enum err
request_text(struct request *rq, const char *key, size_t max, const char **out);
/* Like request_text(), but for one line that people read: returns what can be
 * seen of it (json/line.h). ERR_INVALID if nothing can. */
MUST_USE enum err
request_line(struct request *rq, const char *key, size_t max, const char **out);

/* Records what is wrong and with which member; returns ERR_INVALID. */
enum err request_invalid(struct request *rq, const char *field,
	const char *format, ...) PRINTF_LIKE(3, 4);
/* Records another error with its own code and detail (static strings); returns
 * *err*. */
enum err request_fail(
	struct request *rq, enum err err, const char *code, const char *detail);

#endif
