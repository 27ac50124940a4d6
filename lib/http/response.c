#include "http/response.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

/* The usual length of a head without the handler's headers. */
#define HEAD_LEN 256

/* For clients that find us full, or the database unreachable. */
#define BUSY_RETRY_S 2

void
response_free(struct response *rs)
{
	buf_free(&rs->headers);
	buf_free(&rs->body);
}

void
response_header(struct response *rs, const char *name, const char *format, ...)
{
	va_list args;

	buf_puts(&rs->headers, name);
	buf_puts(&rs->headers, ": ");
	va_start(args, format);
	buf_vprintf(&rs->headers, format, args);
	va_end(args);
	buf_puts(&rs->headers, "\r\n");
}

struct json_writer
response_json(struct response *rs, int status)
{
	rs->status = status;
	rs->type = "application/json";
	return json_writer(&rs->body);
}

struct json_writer
response_json_spliced(struct response *rs, struct arena *arena, int status)
{
	struct json_writer w = response_json(rs, status);

	rs->splices.arena = arena;
	w.splices = &rs->splices;
	return w;
}

void
response_rewind(struct response *rs, size_t headers_len)
{
	rs->status = 0;
	rs->type = NULL;
	rs->cache = NULL;
	rs->splices = (struct json_splices){ 0 };
	rs->headers.len = headers_len;
	rs->body.len = 0;
}

enum err
response_empty(struct response *rs)
{
	rs->status = 204;
	return OK;
}

static void
add_retry_headers(struct response *rs, enum err err)
{
	if (err == ERR_BUSY && rs->retry_s == 0)
		rs->retry_s = BUSY_RETRY_S;
	if (err == ERR_DENIED)
		response_header(rs, "WWW-Authenticate", "Bearer");
}

/* Adds Retry-After, and RateLimit with its policy as in the IETF's
 * draft-ietf-httpapi-ratelimit-headers-10. */
static void
add_limit_headers(struct response *rs, const struct request_limit *limit)
{
	int64_t wait_s = MAX(1, (limit->wait_ms + 999) / 1000);

	rs->retry_s = wait_s;
	if (limit->period_s == 0)
		return;
	response_header(rs, "RateLimit-Policy",
		"\"%s\";q=%" PRIu64 ";w=%" PRId64, limit->rule, limit->max,
		(int64_t)limit->period_s);
	response_header(rs, "RateLimit", "\"%s\";r=%" PRIu64 ";t=%" PRId64,
		limit->rule, limit->left, wait_s);
}

static void
write_limit(struct json_writer *w, const struct request_limit *limit)
{
	json_key(w, "limit");
	json_open(w, '{');
	json_member_str(w, "rule", limit->rule);
	json_member_str(w, "scope", limit->scope);
	json_member_int(w, "max", (int64_t)limit->max);
	json_member_int(w, "left", (int64_t)limit->left);
	json_member_int(w, "periodSeconds", limit->period_s);
	json_member_int(
		w, "waitSeconds", MAX(1, (limit->wait_ms + 999) / 1000));
	json_close(w, '}');
}

static void
put_text(struct json_writer *w, const char *key, const char *text)
{
	if (text != NULL)
		json_member_str(w, key, text);
}

static void
put_size(struct json_writer *w, const char *key, size_t number)
{
	if (number > 0)
		json_member_int(w, key, (int64_t)number);
}

static void
write_about(struct json_writer *w, const struct request_about *about)
{
	if (about->rule == NULL && about->member == NULL && about->item == 0 &&
		about->max == 0)
		return;
	json_key(w, "about");
	json_open(w, '{');
	put_text(w, "rule", about->rule);
	put_text(w, "member", about->member);
	put_text(w, "model", about->model);
	put_size(w, "item", about->item);
	put_text(w, "detail", about->detail);
	put_size(w, "maxBytes", about->max);
	json_close(w, '}');
}

void
response_problem(struct response *rs, const struct request *rq, enum err err)
{
	struct json_writer w = json_writer(&rs->body);

	/* Discard the body that a handler has begun. */
	buf_clear(&rs->body);
	rs->splices.n = 0;
	rs->cache = NULL;
	rs->status = err_status(err);
	add_retry_headers(rs, err);
	if (rq->limit.rule != NULL)
		add_limit_headers(rs, &rq->limit);
	rs->type = "application/problem+json";
	json_open(&w, '{');
	json_member_str(&w, "type", "about:blank");
	json_member_int(&w, "status", rs->status);
	json_member_str(&w, "title", err_title(err));
	json_member_str(&w, "detail",
		rq->detail != NULL ? rq->detail : err_detail(err));
	json_member_str(
		&w, "code", rq->code != NULL ? rq->code : err_code(err));
	put_text(&w, "field", rq->field);
	write_about(&w, &rq->about);
	if (rq->limit.rule != NULL)
		write_limit(&w, &rq->limit);
	json_member_str(&w, "requestId", rq->id);
	json_close(&w, '}');
}

/* ---- rendering as text */

static void
put_line(struct buf *out, const char *name, const char *value)
{
	buf_puts(out, name);
	buf_puts(out, value);
	buf_puts(out, "\r\n");
}

/* *len* < 0: omit Content-Length, because it is unknown or meaningless. */
static struct span
render_head(const struct response *rs, const struct request *rq, int64_t len)
{
	struct buf out = BUF_INIT;
	struct span head;

	buf_reserve(&out, HEAD_LEN + rs->headers.len);
	buf_puts(&out, "Status: ");
	buf_put_int(&out, rs->status != 0 ? rs->status : 200);
	put_line(&out, "\r\nx-request-id: ", rq->id);
	put_line(&out,
		"Cache-Control: ", rs->cache != NULL ? rs->cache : "no-store");
	buf_puts(&out, "X-Content-Type-Options: nosniff\r\n");
	if (rs->type != NULL)
		put_line(&out, "Content-Type: ", rs->type);
	if (rs->retry_s != 0) {
		buf_puts(&out, "Retry-After: ");
		buf_put_int(&out, rs->retry_s);
		buf_puts(&out, "\r\n");
	}
	if (len >= 0) {
		buf_puts(&out, "Content-Length: ");
		buf_put_int(&out, len);
		buf_puts(&out, "\r\n");
	}
	buf_put_span(&out, buf_span(&rs->headers));
	buf_puts(&out, "\r\n");
	head = arena_span(rq->arena, buf_span(&out));
	buf_free(&out);
	return head;
}

struct span
response_head(const struct response *rs, const struct request *rq)
{
	return render_head(rs, rq, -1);
}

/* Cuts the body into pieces with the spliced texts between them; returns the
 * total length. */
static size_t
cut_body(const struct response *rs, struct span *pieces, size_t *n)
{
	const struct json_splices *splices = &rs->splices;
	size_t len = 0, from = 0;

	for (unsigned i = 0; i <= splices->n; i++) {
		size_t to = i < splices->n ? splices->list[i].at : rs->body.len;

		pieces[(*n)++] =
			(struct span){ rs->body.data + from, to - from };
		if (i < splices->n)
			pieces[(*n)++] = splices->list[i].text;
		from = to;
	}
	for (size_t i = 1; i < *n; i++)
		len += pieces[i].len;
	return len;
}

const struct span *
response_pieces(struct response *rs, const struct request *rq, size_t *n)
{
	struct span *pieces = arena_room(
		rq->arena, (2 * rs->splices.n + 2) * sizeof(*pieces));
	bool has_body = rs->body.len > 0;
	size_t len = 0;

	*n = 1;
	if (has_body) {
		len = cut_body(rs, pieces, n);
		arena_defer(rq->arena, free, rs->body.data);
		rs->body = (struct buf)BUF_INIT;
	}
	pieces[0] = render_head(rs, rq, has_body ? (int64_t)len : -1);
	if (strcmp(rq->method, "HEAD") == 0)
		*n = 1;
	return pieces;
}
