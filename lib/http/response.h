/*
 * response.h: the answer under construction. Headers and body grow in two
 * buffers; nothing is sent before the handler has returned, so that an error
 * can still replace everything.
 */

#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "base/buf.h"
#include "base/err.h"
#include "http/request.h"
#include "json/write.h"

struct response {
	int status; /* 200 by default */
	const char *type; /* Content-Type, or NULL */
	const char *cache; /* Cache-Control; NULL: no-store */
	int64_t retry_s; /* Retry-After; 0: none */
	struct buf headers; /* other headers: "Name: value\r\n" lines */
	struct buf body;
	struct json_splices splices; /* parts of the body that are not copied */
	bool taken; /* the handler has passed the descriptor on: send nothing */
};

void response_free(struct response *rs);

/* Adds a header line. Names and values must be ours, or checked if they come
 * from a request. */
void response_header(struct response *rs, const char *name, const char *format,
	...) PRINTF_LIKE(3, 4);

/* Starts a JSON body with the given status; sets Content-Type. */
struct json_writer response_json(struct response *rs, int status);
/* Like response_json(), for large bodies: long raw texts are not copied, and
 * must live as long as *arena*. */
struct json_writer
response_json_spliced(struct response *rs, struct arena *arena, int status);

/* Discards what a handler has built since the headers had this length, because
 * the handler runs again. */
void response_rewind(struct response *rs, size_t headers_len);

/* Makes it a 204 without a body. */
enum err response_empty(struct response *rs);

/* Replaces everything with the problem+json of *err* (RFC 9457). */
void
response_problem(struct response *rs, const struct request *rq, enum err err);

/* The whole answer as CGI text for STDOUT records, in *n* pieces that live as
 * long as the request's arena, which owns the body from now on. */
const struct span *
response_pieces(struct response *rs, const struct request *rq, size_t *n);

/* Only the head ("Status: ...\r\n...\r\n\r\n") of an answer without a known
 * length, in the request's arena. */
struct span response_head(const struct response *rs, const struct request *rq);

#endif
