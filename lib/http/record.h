/*
 * record.h: FastCGI records, both ways (FastCGI 1.0, sections 3 to 5 and 8). It
 * does no input or output: bytes go in and events come out, so that it can be
 * tested and fuzzed alone.
 *
 * The reader takes one request after the other from a connection's bytes,
 * however they are split. It trusts nothing from the peer: it checks version,
 * types, order, lengths and the parameter pairs, and libfcgi sees only what has
 * passed.
 */

#ifndef HTTP_RECORD_H
#define HTTP_RECORD_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define RECORD_HEADER 8
#define RECORD_CONTENT_MAX 65535
/* The length of the two records that end an answer. */
#define RECORD_END_LEN 24

/* More than any web server allows for a client's head. */
#define RECORD_PARAMS_MAX ((size_t)256 << 10)
#define RECORD_PAIRS_MAX 10000
/* The largest list of names in a management record, in bytes. */
#define RECORD_VALUES_MAX 1024

enum record_type {
	RECORD_BEGIN = 1,
	RECORD_ABORT,
	RECORD_END,
	RECORD_PARAMS,
	RECORD_STDIN,
	RECORD_STDOUT,
	RECORD_STDERR,
	RECORD_DATA,
	RECORD_GET_VALUES,
	RECORD_GET_VALUES_RESULT,
	RECORD_UNKNOWN_TYPE,
};

enum record_status {
	RECORD_COMPLETE,
	RECORD_CANT_MPX_CONN,
	RECORD_OVERLOADED,
	RECORD_UNKNOWN_ROLE,
};

enum record_event {
	RECORD_MORE, /* all bytes are consumed; nothing new is complete */
	RECORD_HEAD, /* the parameters are complete */
	RECORD_BODY, /* a piece of the body */
	RECORD_WHOLE, /* the body, and thus the request, is complete */
	RECORD_ABORTED, /* the web server no longer wants an answer */
	RECORD_BROKEN, /* not FastCGI: send *reply*, if any, and close */
};

enum record_stage { STAGE_NONE, STAGE_PARAMS, STAGE_BODY, STAGE_WHOLE };

/* A zeroed struct is ready for the first request of a connection. */
struct record_reader {
	/* The current request: */
	uint16_t request_id; /* 0: no request has begun */
	enum record_stage stage;
	bool keep; /* keep the connection open after the answer */
	enum err params_err; /* set from STAGE_BODY on */
	struct buf params; /* name-value pairs, as sent */

	/* Data for the web server: answers to management records and refusals
	 * of a second request. The caller empties it. */
	struct buf reply;

	/* private: the record that is being read */
	unsigned char header[RECORD_HEADER];
	uint8_t header_len, type, padding;
	uint16_t id, left;
	enum { SINK_NONE, SINK_SMALL, SINK_PARAMS, SINK_BODY } sink;
	struct buf small;
};

/*
 * Consumes bytes from *in up to the next event. For RECORD_BODY, *piece* points
 * into the consumed bytes. Repeat the call until RECORD_MORE: a header alone
 * can be an event.
 *
 * Parameters above RECORD_PARAMS_MAX or RECORD_PAIRS_MAX set params_err to
 * ERR_TOO_BIG, pairs with wrong lengths to ERR_INVALID. Records of other
 * requests are skipped; *reply* refuses their beginnings.
 */
MUST_USE enum record_event
record_read(struct record_reader *reader, struct span *in, struct span *piece);

/* Whether part of a record has been read. */
bool record_in_middle(const struct record_reader *reader);

/* Forgets the finished request; keeps the begun part of the next record. */
void record_reset(struct record_reader *reader);
void record_reader_free(struct record_reader *reader);

/* Takes the next name-value pair off *pairs*. Returns false at the end, or if
 * the lengths are wrong: then *pairs* is not empty. */
bool record_pair(struct span *pairs, struct span *name, struct span *value);

/* Writes the header of a record whose content is *len* bytes long. */
void record_header(char out[RECORD_HEADER], enum record_type type,
	uint16_t request_id, size_t len);
/* Writes the two records that end an answer: the end of its stream and the end
 * of the request. */
void record_end(char out[RECORD_END_LEN], uint16_t request_id,
	enum record_status status);

/* Appends *content* as records of the given type; none if it is empty. */
void record_put(struct buf *out, enum record_type type, uint16_t request_id,
	struct span content);
/* Appends the empty record that ends a stream. */
void
record_put_eof(struct buf *out, enum record_type type, uint16_t request_id);
/* Appends the record that ends a request. */
void
record_put_end(struct buf *out, uint16_t request_id, enum record_status status);

#endif
