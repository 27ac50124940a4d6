#include "http1.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define LINE_MAX_BYTES 8192

/* The value of this field, when the line is one of it. */
static const char *
field(const char *line, const char *name)
{
	size_t len = strlen(name);

	if (strncasecmp(line, name, len) != 0 || line[len] != ':')
		return NULL;
	line += len + 1;
	return line + strspn(line, " \t");
}

static void
begin_body(struct http1 *in)
{
	in->head_done = true;
	if (in->chunked)
		in->part = HTTP1_SIZE;
	else if (in->measured || in->request || in->status == 204)
		in->part = HTTP1_LENGTH;
	else
		in->part = HTTP1_REST;
	in->whole = in->part == HTTP1_LENGTH && in->left == 0;
}

static void
take_head(struct http1 *in, const char *line)
{
	const char *value;

	if (sscanf(line, "HTTP/1.%*d %d", &in->status) == 1)
		return;
	if (*line == '\0')
		begin_body(in);
	else if ((value = field(line, "Content-Length")) != NULL) {
		in->left = strtoull(value, NULL, 10);
		in->measured = true;
	} else if ((value = field(line, "Transfer-Encoding")) != NULL)
		in->chunked = strcasecmp(value, "chunked") == 0;
	else if ((value = field(line, "Connection")) != NULL)
		in->close = strcasecmp(value, "close") == 0;
}

static void
take_size(struct http1 *in, const char *line)
{
	char *end;

	in->left = strtoull(line, &end, 16);
	in->broken = end == line;
	in->part = in->left == 0 ? HTTP1_TRAILER : HTTP1_CHUNK;
}

static void
take_line(struct http1 *in)
{
	const char *line = buf_str(&in->line);

	switch (in->part) {
	case HTTP1_HEAD:
		take_head(in, line);
		break;
	case HTTP1_SIZE:
		take_size(in, line);
		break;
	case HTTP1_CRLF:
		in->broken = *line != '\0';
		in->part = HTTP1_SIZE;
		break;
	case HTTP1_TRAILER:
		in->whole = *line == '\0';
		break;
	case HTTP1_LENGTH:
	case HTTP1_CHUNK:
	case HTTP1_REST:
		break; /* these have no lines */
	}
	buf_clear(&in->line);
}

static void
feed_line(struct http1 *in, struct span *bytes)
{
	const char *newline = memchr(bytes->data, '\n', bytes->len);
	size_t len =
		newline != NULL ? (size_t)(newline - bytes->data) : bytes->len;

	buf_append(&in->line, bytes->data, len);
	in->broken = in->line.len > LINE_MAX_BYTES;
	if (newline != NULL) {
		len++;
		if (in->line.len > 0 && in->line.data[in->line.len - 1] == '\r')
			in->line.data[--in->line.len] = '\0';
		take_line(in);
	}
	bytes->data += len;
	bytes->len -= len;
}

static void
feed_body(struct http1 *in, struct span *bytes,
	void (*body)(void *arg, struct span piece), void *arg)
{
	struct span piece = *bytes;

	if (in->part != HTTP1_REST)
		piece.len = MIN(piece.len, in->left);
	in->left -= in->part != HTTP1_REST ? piece.len : 0;
	in->body_len += piece.len;
	bytes->data += piece.len;
	bytes->len -= piece.len;
	if (piece.len > 0)
		body(arg, piece);
	if (in->part == HTTP1_REST || in->left > 0)
		return;
	in->whole = in->part == HTTP1_LENGTH;
	in->part = HTTP1_CRLF;
}

bool
http1_feed(struct http1 *in, struct span *bytes,
	void (*body)(void *arg, struct span piece), void *arg)
{
	while (bytes->len > 0 && !in->whole && !in->broken) {
		if (in->part == HTTP1_LENGTH || in->part == HTTP1_CHUNK ||
			in->part == HTTP1_REST)
			feed_body(in, bytes, body, arg);
		else
			feed_line(in, bytes);
	}
	return !in->broken;
}

bool
http1_end(struct http1 *in)
{
	in->whole = in->whole || (in->head_done && in->part == HTTP1_REST);
	return in->whole;
}

void
http1_next(struct http1 *in)
{
	struct buf line = in->line;

	buf_clear(&line);
	*in = (struct http1){ .request = in->request, .line = line };
}

void
http1_free(struct http1 *in)
{
	buf_free(&in->line);
}
