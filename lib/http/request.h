/*
 * request.h: one HTTP request as a handler sees it. All memory is the
 * request's arena; the struct lives until its answer has been sent.
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

/* What ERR_THROTTLED tells of the limit that was met. */
struct request_limit {
	const char *rule, *scope; /* "chat", "user"; NULL: none */
	uint64_t max, left;
	int64_t period_s; /* 0: at once */
	int64_t wait_ms; /* until it is worth another try */
};

struct request {
	struct arena *arena;
	const char *method;
	const char *path; /* as sent, without the base path; "/..." */
	const char *query; /* raw, "" when none */
	struct span body;
	char id[REQUEST_ID_LEN]; /* x-request-id of the answer and the log */
	struct trace trace; /* that the client's traceparent names */

	/* Filled by the route: ":id" of its pattern. */
	struct {
		struct span name, value;
	} params[REQUEST_PARAMS_MAX];
	unsigned n_params;

	/* Filled by the program before the handler runs. */
	const struct route *route; /* NULL: there is none */
	struct app *app;
	struct db *db; /* this thread's connection */
	struct db *reader; /* the same, to a replica; NULL: there is none */
	uint64_t user_id; /* of a SIGNED_IN route */
	uint64_t login_id; /* 0 for a site's own token */
	bool is_admin; /* of an ADMIN route, where it is true */
	const char *limits; /* of the user alone (conf/own_limits.h), or NULL */
	bool enrolling; /* the login lacks the second factor that is demanded */
	struct rates_hold *hold; /* what it has of the limits (api/limit.h) */
	const struct json *json; /* the body, parsed by request_json() */

	/* Why ERR_INVALID, for the answer: set by request_invalid(). */
	const char *detail;
	const char *code; /* overrides err_code() */
	const char *field; /* the member at fault, or NULL */
	struct request_limit limit;

	char **envp; /* private: FastCGI parameters */
	struct fcgi_exchange *exchange; /* private: where the answer goes */
};

/* Begins a request that has an arena: its id, and what *envp*, which must
 * live as long, says of method, path and trace. *base_path* is taken off. */
void request_open(struct request *rq, char **envp, const char *base_path);

/* What Content-Length announces, -1 for nothing. ERR_INVALID: no number. */
MUST_USE enum err request_length(const struct request *rq, int64_t *out);

/* A FastCGI parameter ("REMOTE_ADDR"), or NULL. */
const char *request_param(const struct request *rq, const char *name);
/* A header by its usual name ("Idempotency-Key"), or NULL. */
const char *request_header(const struct request *rq, const char *name);
/* A cookie's value in the arena, or NULL. */
const char *request_cookie(const struct request *rq, const char *name);
/* A query member, percent-decoded, or NULL. ERR_INVALID when it is malformed. */
MUST_USE enum err
request_query(struct request *rq, const char *name, const char **out);
/* A query number within bounds, or *otherwise* when it is not given. */
MUST_USE enum err request_query_int(struct request *rq, const char *name,
	int64_t min, int64_t max, int64_t otherwise, int64_t *out);

/* The Snowflake id that stands for ":name" in the path. A malformed id is
 * ERR_INVALID. */
MUST_USE enum err
request_id(struct request *rq, const char *name, uint64_t *out);
/* The text that stands for ":name", percent-decoded. */
struct span request_path_text(const struct request *rq, const char *name);

/* Parses the body once; it must be a JSON object. ERR_INVALID | ERR_MEDIA_TYPE
 * | ERR_TOO_BIG. */
MUST_USE enum err request_json(struct request *rq, const struct json **out);
/* The body as checked text, for what may be too large for a tree: to be read
 * with json_raw_*(). Likewise. */
MUST_USE enum err request_raw_json(struct request *rq, struct span *out);
/* A required text member of the body, 1 to *max* characters, without NUL or
 * control characters. */
MUST_USE enum err
request_text(struct request *rq, const char *key, size_t max, const char **out);
/* The same for what is a line to people: what is seen of it (json/line.h). */
MUST_USE enum err
request_line(struct request *rq, const char *key, size_t max, const char **out);

/* Says what is wrong and with which member; returns ERR_INVALID. */
enum err request_invalid(struct request *rq, const char *field,
	const char *format, ...) PRINTF_LIKE(3, 4);
/* Any other error with words of its own (static strings); returns *err*. */
enum err request_fail(
	struct request *rq, enum err err, const char *code, const char *detail);

#endif
