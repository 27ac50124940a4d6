#include "http/response.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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
	char *value;
	int len;

	va_start(args, format);
	len = vasprintf(&value, format, args);
	va_end(args);
	if (len < 0)
		abort();
	buf_printf(&rs->headers, "%s: %s\r\n", name, value);
	free(value);
}

struct json_writer
response_json(struct response *rs, int status)
{
	rs->status = status;
	response_header(rs, "Content-Type", "application/json");
	return json_writer(&rs->body);
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
	if (err == ERR_BUSY &&
		strstr(buf_str(&rs->headers), "Retry-After") == NULL)
		response_header(rs, "Retry-After", "2");
	if (err == ERR_DENIED)
		response_header(rs, "WWW-Authenticate", "Bearer");
}

/* Retry-After, and RateLimit with its policy as in the IETF's
 * draft-ietf-httpapi-ratelimit-headers-10. */
static void
add_limit_headers(struct response *rs, const struct request_limit *limit)
{
	long long wait_s = MAX(1, (limit->wait_ms + 999) / 1000);

	response_header(rs, "Retry-After", "%lld", wait_s);
	if (limit->period_s == 0)
		return;
	response_header(rs, "RateLimit-Policy", "\"%s\";q=%llu;w=%lld",
		limit->rule, (unsigned long long)limit->max,
		(long long)limit->period_s);
	response_header(rs, "RateLimit", "\"%s\";r=%llu;t=%lld", limit->rule,
		(unsigned long long)limit->left, wait_s);
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

/* What a handler has begun to answer is not what it answers. */
static void
drop_content_type(struct response *rs)
{
	char *line = strstr(buf_str(&rs->headers), "Content-Type:");
	size_t len;

	if (line == NULL)
		return;
	len = strcspn(line, "\n") + 1;
	memmove(line, line + len, strlen(line + len) + 1);
	rs->headers.len -= len;
}

void
response_problem(struct response *rs, const struct request *rq, enum err err)
{
	struct json_writer w = json_writer(&rs->body);

	buf_clear(&rs->body);
	rs->status = err_status(err);
	add_retry_headers(rs, err);
	if (rq->limit.rule != NULL)
		add_limit_headers(rs, &rq->limit);
	drop_content_type(rs);
	response_header(rs, "Content-Type", "application/problem+json");
	json_open(&w, '{');
	json_member_str(&w, "type", "about:blank");
	json_member_int(&w, "status", rs->status);
	json_member_str(&w, "title", err_title(err));
	json_member_str(&w, "detail",
		rq->detail != NULL ? rq->detail : err_detail(err));
	json_member_str(
		&w, "code", rq->code != NULL ? rq->code : err_code(err));
	if (rq->field != NULL)
		json_member_str(&w, "field", rq->field);
	if (rq->limit.rule != NULL)
		write_limit(&w, &rq->limit);
	json_member_str(&w, "requestId", rq->id);
	json_close(&w, '}');
}

void
response_render_head(
	const struct response *rs, const struct request *rq, struct buf *out)
{
	buf_printf(out, "Status: %d\r\nx-request-id: %s\r\n",
		rs->status != 0 ? rs->status : 200, rq->id);
	if (strstr(buf_str(&rs->headers), "Cache-Control:") == NULL)
		buf_puts(out, "Cache-Control: no-store\r\n");
	buf_puts(out, "X-Content-Type-Options: nosniff\r\n");
	buf_put_span(out, buf_span(&rs->headers));
	buf_puts(out, "\r\n");
}

void
response_render(
	const struct response *rs, const struct request *rq, struct buf *out)
{
	response_render_head(rs, rq, out);
	if (strcmp(rq->method, "HEAD") != 0)
		buf_put_span(out, buf_span(&rs->body));
}
