/*
 * response.h: the answer being built. Headers and body grow in two buffers;
 * nothing is sent before the handler has returned, so that an error can still
 * replace everything.
 */

#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "base/buf.h"
#include "base/err.h"
#include "http/request.h"
#include "json/write.h"

struct response {
	int status; /* 200 unless set */
	const char *type; /* Content-Type, or NULL */
	const char *cache; /* Cache-Control, NULL: no-store */
	int64_t retry_s; /* Retry-After, 0: none */
	struct buf headers; /* the others, as "Name: value\r\n" lines */
	struct buf body;
	struct json_splices splices; /* what goes into the body uncopied */
	bool taken; /* the handler has handed the descriptor over: send nothing */
};

void response_free(struct response *rs);

/* Adds a header line. Names and values come from us, never unchecked from a
 * request. */
void response_header(struct response *rs, const char *name, const char *format,
	...) PRINTF_LIKE(3, 4);

/* A writer for a JSON body with that status; sets Content-Type. */
struct json_writer response_json(struct response *rs, int status);
/* The same for what may be large: long raw texts are not copied, and must live
 * as long as *arena*. */
struct json_writer
response_json_spliced(struct response *rs, struct arena *arena, int status);

/* Forgets what a handler has built since there were headers of this length: it
 * runs once more. */
void response_rewind(struct response *rs, size_t headers_len);

/* 204 without a body. */
enum err response_empty(struct response *rs);

/* Replaces what was built by the problem+json of *err* (RFC 9457). */
void
response_problem(struct response *rs, const struct request *rq, enum err err);

/* Everything as the CGI text that goes into STDOUT records, in *n* pieces that
 * live as long as the request's arena, which owns the body from now on. */
const struct span *
response_pieces(struct response *rs, const struct request *rq, size_t *n);

/* The head alone ("Status: ...\r\n...\r\n\r\n") of what has no length yet,
 * in the request's arena. */
struct span response_head(const struct response *rs, const struct request *rq);

#endif
