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
	struct buf headers; /* "Name: value\r\n" lines */
	struct buf body;
	bool taken; /* the handler has handed the descriptor over: send nothing */
};

void response_free(struct response *rs);

/* Adds a header line. Names and values come from us, never unchecked from a
 * request. */
void response_header(struct response *rs, const char *name, const char *format,
	...) PRINTF_LIKE(3, 4);

/* A writer for a JSON body with that status; sets Content-Type. */
struct json_writer response_json(struct response *rs, int status);

/* 204 without a body. */
enum err response_empty(struct response *rs);

/* Replaces what was built by the problem+json of *err* (RFC 9457). */
void
response_problem(struct response *rs, const struct request *rq, enum err err);

/* Everything as the CGI text that goes into STDOUT records. */
void response_render(
	const struct response *rs, const struct request *rq, struct buf *out);

/* The same for the head alone ("Status: ...\r\n...\r\n\r\n"). */
void response_render_head(
	const struct response *rs, const struct request *rq, struct buf *out);

#endif
