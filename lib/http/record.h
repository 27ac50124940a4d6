/*
 * record.h: FastCGI records, both ways (FastCGI 1.0, sections 3 to 5 and 8).
 * No input or output: bytes in, events out, so that all of it can be tested
 * and fuzzed alone.
 *
 * The reader takes one request after the other from a connection's bytes,
 * however they are cut. Nothing of what a peer says is believed: version,
 * types, order, lengths and the pairs of the parameters are checked here,
 * and libfcgi sees only what has passed.
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
/* Of the two records that end an answer. */
#define RECORD_END_LEN 24

/* More than any web server lets a client's head become. */
#define RECORD_PARAMS_MAX ((size_t)256 << 10)
#define RECORD_PAIRS_MAX 10000
/* Of a management record: the names that it asks for. */
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
	RECORD_MORE, /* all was taken; nothing new is complete */
	RECORD_HEAD, /* the parameters have come to their end */
	RECORD_BODY, /* a piece of the body */
	RECORD_WHOLE, /* the body has come to its end, and so the request */
	RECORD_ABORTED, /* the web server wants no answer any more */
	RECORD_BROKEN, /* no FastCGI: send *reply*, if any, and close */
};

enum record_stage { STAGE_NONE, STAGE_PARAMS, STAGE_BODY, STAGE_WHOLE };

/* Zeroed: ready for the first request of a connection. */
struct record_reader {
	/* Of the request: */
	uint16_t request_id; /* 0: none has begun */
	enum record_stage stage;
	bool keep; /* the connection is to stay open after the answer */
	enum err params_err; /* from STAGE_BODY on */
	struct buf params; /* name-value pairs, as sent */

	/* What is to be sent to the web server: answers to management
	 * records, refusals of a second request. The caller empties it. */
	struct buf reply;

	/* private: of the record that is being read */
	unsigned char header[RECORD_HEADER];
	uint8_t header_len, type, padding;
	uint16_t id, left;
	enum { SINK_NONE, SINK_SMALL, SINK_PARAMS, SINK_BODY } sink;
	struct buf small;
};

/*
 * Takes bytes from *in up to the next event. RECORD_BODY: *piece* points into
 * what was taken. Call it again until RECORD_MORE: a header can be an event.
 *
 * Parameters past RECORD_PARAMS_MAX or RECORD_PAIRS_MAX are ERR_TOO_BIG in
 * params_err, pairs that are not what their lengths say ERR_INVALID. Records
 * of other requests are skipped, their beginnings refused in *reply*.
 */
MUST_USE enum record_event
record_read(struct record_reader *reader, struct span *in, struct span *piece);

/* Whether some of a record has come. */
bool record_in_middle(const struct record_reader *reader);

/* The request is over: forgets it. What was begun of the next record stays. */
void record_reset(struct record_reader *reader);
void record_reader_free(struct record_reader *reader);

/* The next name-value pair of *pairs*, which moves behind it. False at the
 * end, or when the lengths are not true: then *pairs* is not empty. */
bool record_pair(struct span *pairs, struct span *name, struct span *value);

/* Whether the pairs may be given to libfcgi and become "NAME=VALUE" texts.
 * ERR_INVALID: a length is not true; a name is empty or holds '='; there is
 * a NUL. ERR_TOO_BIG: RECORD_PAIRS_MAX. */
MUST_USE enum err record_pairs_check(struct span pairs);

/* Writes the header of a record whose content is *len* bytes long. */
void record_header(char out[RECORD_HEADER], enum record_type type,
	uint16_t request_id, size_t len);
/* Writes what ends an answer: that of its stream, and of the request. */
void record_end(char out[RECORD_END_LEN], uint16_t request_id,
	enum record_status status);

/* Appends *content* as records of that type; none for an empty one. */
void record_put(struct buf *out, enum record_type type, uint16_t request_id,
	struct span content);
/* Appends the record without content that ends a stream. */
void
record_put_eof(struct buf *out, enum record_type type, uint16_t request_id);
/* Appends the record that ends a request. */
void
record_put_end(struct buf *out, uint16_t request_id, enum record_status status);

#endif
