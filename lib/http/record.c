#include "http/record_private.h"

#include <string.h>

#define FLAG_KEEP_CONN 1
#define ROLE_RESPONDER 1
#define BEGIN_LEN 8

/* ---- writing */

void
record_header(
	char out[RECORD_HEADER], enum record_type type, uint16_t id, size_t len)
{
	const char header[RECORD_HEADER] = { 1, (char)type, (char)(id >> 8),
		(char)id, (char)(len >> 8), (char)len, 0, 0 };

	memcpy(out, header, sizeof(header));
}

static void
put_header(struct buf *out, enum record_type type, uint16_t id, size_t len)
{
	char header[RECORD_HEADER];

	record_header(header, type, id, len);
	buf_append(out, header, sizeof(header));
}

void
record_end(char out[RECORD_END_LEN], uint16_t id, enum record_status status)
{
	const char body[8] = { 0, 0, 0, 0, (char)status, 0, 0, 0 };

	record_header(out, RECORD_STDOUT, id, 0);
	record_header(out + RECORD_HEADER, RECORD_END, id, sizeof(body));
	memcpy(out + (size_t)2 * RECORD_HEADER, body, sizeof(body));
}

void
record_put(struct buf *out, enum record_type type, uint16_t request_id,
	struct span content)
{
	size_t len;

	for (; content.len > 0; content.data += len, content.len -= len) {
		len = MIN(content.len, (size_t)RECORD_CONTENT_MAX);
		put_header(out, type, request_id, len);
		buf_append(out, content.data, len);
	}
}

void
record_put_eof(struct buf *out, enum record_type type, uint16_t request_id)
{
	put_header(out, type, request_id, 0);
}

void
record_put_end(struct buf *out, uint16_t request_id, enum record_status status)
{
	const char body[8] = { 0, 0, 0, 0, (char)status, 0, 0, 0 };

	put_header(out, RECORD_END, request_id, sizeof(body));
	buf_append(out, body, sizeof(body));
}

/* ---- name-value pairs (section 3.4) */

/* A length is one byte, or four if the first has its high bit set. */
static bool
pair_length(struct span *pairs, size_t *out)
{
	const unsigned char *at = (const unsigned char *)pairs->data;
	size_t size = pairs->len > 0 && (at[0] & 0x80) != 0 ? 4 : 1;

	if (pairs->len < size)
		return false;
	*out = size == 1 ? at[0]
			 : ((size_t)at[0] & 0x7f) << 24 | (size_t)at[1] << 16 |
			(size_t)at[2] << 8 | at[3];
	*pairs = (struct span){ pairs->data + size, pairs->len - size };
	return true;
}

static struct span
take(struct span *from, size_t len)
{
	struct span taken = { from->data, len };

	*from = (struct span){ from->data + len, from->len - len };
	return taken;
}

bool
record_pair(struct span *pairs, struct span *name, struct span *value)
{
	struct span rest = *pairs;
	size_t name_len, value_len;

	if (rest.len == 0 || !pair_length(&rest, &name_len) ||
		!pair_length(&rest, &value_len) || name_len > rest.len ||
		value_len > rest.len - name_len)
		return false;
	*name = take(&rest, name_len);
	*value = take(&rest, value_len);
	*pairs = rest;
	return true;
}

enum err
record_pairs_check(struct span pairs)
{
	struct span name, value;

	for (unsigned n = 0; record_pair(&pairs, &name, &value); n++) {
		if (n == RECORD_PAIRS_MAX)
			return ERR_TOO_BIG;
		if (name.len == 0 || memchr(name.data, '=', name.len) != NULL ||
			memchr(name.data, '\0', name.len) != NULL ||
			memchr(value.data, '\0', value.len) != NULL)
			return ERR_INVALID;
	}
	return pairs.len == 0 ? OK : ERR_INVALID;
}

/* ---- management records (section 4) */

/* The names that can be queried (section 4.1), and our values. */
static const struct {
	const char *name, *value;
} values[] = {
	{ "FCGI_MAX_CONNS", "10000" },
	{ "FCGI_MAX_REQS", "10000" },
	{ "FCGI_MPXS_CONNS", "0" },
};

static void
put_value(struct buf *out, const char *name, const char *value)
{
	buf_putc(out, (char)strlen(name));
	buf_putc(out, (char)strlen(value));
	buf_puts(out, name);
	buf_puts(out, value);
}

/* Each value is sent once, however often its name is repeated. */
static void
reply_values(struct record_reader *r)
{
	struct span pairs = buf_span(&r->small), name, value;
	struct buf told = BUF_INIT;
	unsigned asked = 0;

	while (record_pair(&pairs, &name, &value))
		for (unsigned i = 0; i < LENGTH(values); i++)
			if (span_is(name, values[i].name))
				asked |= 1U << i;
	for (unsigned i = 0; i < LENGTH(values); i++)
		if ((asked & 1U << i) != 0)
			put_value(&told, values[i].name, values[i].value);
	put_header(&r->reply, RECORD_GET_VALUES_RESULT, 0, told.len);
	buf_put_span(&r->reply, buf_span(&told));
	buf_free(&told);
}

static void
reply_unknown_type(struct record_reader *r)
{
	const char body[8] = { (char)r->type };

	put_header(&r->reply, RECORD_UNKNOWN_TYPE, 0, sizeof(body));
	buf_append(&r->reply, body, sizeof(body));
}

/* ---- reading */

/* BEGIN (section 5.1). A second request on the same connection is refused; a
 * server that queries FCGI_MPXS_CONNS learns that in advance. */
static enum record_event
begin_request(struct record_reader *r)
{
	const char *body = r->small.data;
	unsigned role = (unsigned char)body[0] * 256U + (unsigned char)body[1];

	if (r->request_id != 0) {
		if (r->request_id == r->id)
			return RECORD_BROKEN;
		record_put_end(&r->reply, r->id, RECORD_CANT_MPX_CONN);
		return RECORD_MORE;
	}
	if (role != ROLE_RESPONDER) {
		record_put_end(&r->reply, r->id, RECORD_UNKNOWN_ROLE);
		return RECORD_BROKEN;
	}
	r->request_id = r->id;
	r->stage = STAGE_PARAMS;
	r->keep = (body[2] & FLAG_KEEP_CONN) != 0;
	r->params_err = OK;
	return RECORD_MORE;
}

/* Handles a record that was kept whole, because it is small. */
static enum record_event
end_small(struct record_reader *r)
{
	enum record_event event = RECORD_MORE;

	if (r->id != 0)
		event = begin_request(r);
	else if (r->type == RECORD_GET_VALUES)
		reply_values(r);
	else
		reply_unknown_type(r);
	buf_free(&r->small);
	return event;
}

static enum record_event
open_small(struct record_reader *r)
{
	if (r->id == 0 ? r->left > RECORD_VALUES_MAX : r->left != BEGIN_LEN)
		return RECORD_BROKEN;
	r->sink = SINK_SMALL;
	return r->left == 0 ? end_small(r) : RECORD_MORE;
}

static enum record_event
open_params(struct record_reader *r)
{
	if (r->stage != STAGE_PARAMS)
		return RECORD_BROKEN;
	r->sink = SINK_PARAMS;
	if (r->left > 0)
		return RECORD_MORE;
	r->stage = STAGE_BODY;
	if (r->params_err == OK)
		r->params_err = record_pairs_check(buf_span(&r->params));
	return RECORD_HEAD;
}

static enum record_event
open_body(struct record_reader *r)
{
	if (r->stage != STAGE_BODY)
		return RECORD_BROKEN;
	r->sink = SINK_BODY;
	if (r->left > 0)
		return RECORD_MORE;
	r->stage = STAGE_WHOLE;
	return RECORD_WHOLE;
}

/* A header is complete: decides where the content goes. */
static enum record_event
open_record(struct record_reader *r)
{
	const unsigned char *h = r->header;

	r->type = h[1];
	r->id = (uint16_t)(h[2] << 8 | h[3]);
	r->left = (uint16_t)(h[4] << 8 | h[5]);
	r->padding = h[6];
	r->sink = SINK_NONE;
	if (h[0] != 1)
		return RECORD_BROKEN;
	if (r->id == 0 || r->type == RECORD_BEGIN)
		return open_small(r);
	if (r->type != RECORD_ABORT && r->type != RECORD_PARAMS &&
		r->type != RECORD_STDIN && r->type != RECORD_DATA)
		return RECORD_BROKEN; /* not meant for a program */
	if (r->id != r->request_id || r->type == RECORD_DATA)
		return RECORD_MORE; /* belongs to no running request: skip it */
	if (r->type == RECORD_ABORT)
		return RECORD_ABORTED;
	return r->type == RECORD_PARAMS ? open_params(r) : open_body(r);
}

static void
keep_params(struct record_reader *r, struct span piece)
{
	if (piece.len > RECORD_PARAMS_MAX - r->params.len)
		r->params_err = ERR_TOO_BIG;
	if (r->params_err == OK)
		buf_put_span(&r->params, piece);
}

static enum record_event
take_content(struct record_reader *r, struct span *in, struct span *piece)
{
	size_t len = MIN(in->len, (size_t)r->left);

	*piece = take(in, len);
	r->left = (uint16_t)(r->left - len);
	switch (r->sink) {
	case SINK_NONE:
		return RECORD_MORE;
	case SINK_SMALL:
		buf_put_span(&r->small, *piece);
		return r->left == 0 ? end_small(r) : RECORD_MORE;
	case SINK_PARAMS:
		keep_params(r, *piece);
		return RECORD_MORE;
	case SINK_BODY:
		return RECORD_BODY;
	}
	return RECORD_BROKEN;
}

static void
take_header(struct record_reader *r, struct span *in)
{
	size_t len = MIN(in->len, (size_t)(RECORD_HEADER - r->header_len));
	struct span piece = take(in, len);

	memcpy(r->header + r->header_len, piece.data, len);
	r->header_len = (uint8_t)(r->header_len + len);
}

enum record_event
record_read(struct record_reader *r, struct span *in, struct span *piece)
{
	enum record_event event = RECORD_MORE;
	size_t len;

	while (event == RECORD_MORE && in->len > 0) {
		if (r->header_len < RECORD_HEADER) {
			take_header(r, in);
			if (r->header_len == RECORD_HEADER)
				event = open_record(r);
		} else if (r->left > 0) {
			event = take_content(r, in, piece);
		} else {
			len = MIN(in->len, (size_t)r->padding);
			take(in, len);
			r->padding = (uint8_t)(r->padding - len);
		}
		if (r->header_len == RECORD_HEADER && r->left == 0 &&
			r->padding == 0)
			r->header_len = 0;
	}
	return event;
}

bool
record_in_middle(const struct record_reader *r)
{
	return r->header_len > 0;
}

void
record_reset(struct record_reader *r)
{
	r->request_id = 0;
	r->stage = STAGE_NONE;
	r->keep = false;
	r->params_err = OK;
	buf_free(&r->params);
}

void
record_reader_free(struct record_reader *r)
{
	record_reset(r);
	buf_free(&r->small);
	buf_free(&r->reply);
}
