#include "http/request.h"

#include "base/hex.h"
#include "base/log.h"
#include "json/line.h"
#include "json/utf8.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#define HEADER_NAME_MAX 64
#define ID_BYTES 8
#define LENGTH_MAX (INT64_MAX / 100) /* far more than any limit */

/* The next of the random bytes fetched from the kernel; not for secrets. */
static const unsigned char *
next_random(void)
{
	static _Thread_local unsigned char store[ID_BYTES * 32];
	static _Thread_local size_t left;

	if (left == 0) {
		if (getrandom(store, sizeof(store), 0) != sizeof(store))
			abort();
		left = sizeof(store);
	}
	left -= ID_BYTES;
	return store + left;
}

static void
make_id(char out[REQUEST_ID_LEN])
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *random = next_random();

	for (size_t i = 0; i < ID_BYTES; i++) {
		out[i * 2] = digits[random[i] >> 4];
		out[i * 2 + 1] = digits[random[i] & 0xf];
	}
	out[(size_t)ID_BYTES * 2] = '\0';
}

/* The path is REQUEST_URI without query and base path, because PATH_INFO and
 * SCRIPT_NAME differ between servers. */
void
request_open(struct request *rq, char **envp, const char *base_path)
{
	const char *uri, *method;
	size_t base_len = strlen(base_path), len;

	make_id(rq->id);
	rq->envp = envp;
	uri = request_param(rq, "REQUEST_URI");
	method = request_param(rq, "REQUEST_METHOD");
	rq->method = method != NULL ? method : "";
	uri = uri != NULL ? uri : "/";
	if (strncmp(uri, base_path, base_len) == 0 && uri[base_len] == '/')
		uri += base_len;
	len = strcspn(uri, "?");
	rq->path = arena_str(rq->arena, uri, len);
	rq->query = uri[len] == '?' ? uri + len + 1 : "";
	(void)trace_parse(request_header(rq, "Traceparent"), &rq->trace);
}

enum err
request_length(const struct request *rq, int64_t *out)
{
	const char *text = request_param(rq, "CONTENT_LENGTH");
	int64_t length = 0;

	*out = -1;
	if (text == NULL || text[0] == '\0')
		return OK;
	for (; isdigit((unsigned char)*text) && length < LENGTH_MAX; text++)
		length = length * 10 + (*text - '0');
	if (*text != '\0')
		return ERR_INVALID;
	*out = length;
	return OK;
}

const char *
request_param(const struct request *rq, const char *name)
{
	size_t len = strlen(name);

	for (char **env = rq->envp; *env != NULL; env++)
		if ((*env)[0] == name[0] && strncmp(*env, name, len) == 0 &&
			(*env)[len] == '=')
			return *env + len + 1;
	return NULL;
}

const char *
request_header(const struct request *rq, const char *name)
{
	char param[HEADER_NAME_MAX] = "HTTP_";
	size_t len = strlen(param);

	for (; *name != '\0' && len < sizeof(param) - 1; name++)
		param[len++] = *name == '-'
			? '_'
			: (char)toupper((unsigned char)*name);
	param[len] = '\0';
	if (strcmp(param, "HTTP_CONTENT_TYPE") == 0)
		return request_param(rq, "CONTENT_TYPE");
	return request_param(rq, param);
}

const char *
request_cookie(const struct request *rq, const char *name)
{
	const char *at = request_header(rq, "Cookie");
	size_t len = strlen(name);

	while (at != NULL && *at != '\0') {
		at += strspn(at, "; ");
		if (strncmp(at, name, len) == 0 && at[len] == '=') {
			at += len + 1;
			return arena_str(rq->arena, at, strcspn(at, "; "));
		}
		at += strcspn(at, ";");
	}
	return NULL;
}

/* Percent-decodes; refuses NUL and invalid UTF-8. */
static enum err
decode(struct arena *arena, struct span in, bool plus_is_blank,
	struct span *out)
{
	char *to = arena_alloc(arena, in.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < in.len; i++) {
		char c = in.data[i];

		if (c == '%') {
			if (in.len - i < 3 || hex_digit(in.data[i + 1]) < 0 ||
				hex_digit(in.data[i + 2]) < 0)
				return ERR_INVALID;
			c = (char)(hex_digit(in.data[i + 1]) * 16 +
				hex_digit(in.data[i + 2]));
			i += 2;
		} else if (c == '+' && plus_is_blank) {
			c = ' ';
		}
		if (c == '\0')
			return ERR_INVALID;
		to[len++] = c;
	}
	*out = (struct span){ to, len };
	return utf8_valid(*out) ? OK : ERR_INVALID;
}

enum err
request_query(struct request *rq, const char *name, const char **out)
{
	const char *at = rq->query;
	size_t name_len = strlen(name), len;
	struct span value;

	*out = NULL;
	for (; *at != '\0'; at += len + (at[len] == '&')) {
		len = strcspn(at, "&");
		if (len <= name_len || strncmp(at, name, name_len) != 0 ||
			at[name_len] != '=')
			continue;
		value = (struct span){ at + name_len + 1, len - name_len - 1 };
		if (decode(rq->arena, value, true, &value) != OK)
			return request_invalid(rq, name,
				"The query member is not percent-encoded UTF-8.");
		*out = value.data;
		return OK;
	}
	return OK;
}

enum err
request_query_int(struct request *rq, const char *name, int64_t min,
	int64_t max, int64_t otherwise, int64_t *out)
{
	const char *text;
	uint64_t value;

	*out = otherwise;
	TRY(request_query(rq, name, &text));
	if (text == NULL)
		return OK;
	if (id_parse(span_of(text), &value) != OK || value < (uint64_t)min ||
		value > (uint64_t)max)
		return request_invalid(rq, name,
			"Give a whole number from %lld to %lld.",
			(long long)min, (long long)max);
	*out = (int64_t)value;
	return OK;
}

static const struct span *
path_param(const struct request *rq, const char *name)
{
	for (unsigned i = 0; i < rq->n_params; i++)
		if (span_is(rq->params[i].name, name))
			return &rq->params[i].value;
	abort(); /* the route's pattern has no such name */
}

enum err
request_id(struct request *rq, const char *name, uint64_t *out)
{
	if (id_parse(*path_param(rq, name), out) != OK)
		return request_invalid(rq, name,
			"An id must be a decimal number that came from this server.");
	return OK;
}

struct span
request_path_text(const struct request *rq, const char *name)
{
	struct span text;

	if (decode(rq->arena, *path_param(rq, name), false, &text) != OK)
		return (struct span){ "", 0 };
	return text;
}

static bool
says_json(const struct request *rq)
{
	const char *type = request_header(rq, "Content-Type");
	size_t len = strlen("application/json");

	return type != NULL &&
		strncasecmp(type, "application/json", len) == 0 &&
		(type[len] == '\0' || strchr("; \t", type[len]) != NULL);
}

/* Explains why the body was refused. */
static enum err
refuse_json(struct request *rq, enum err err)
{
	if (err != ERR_TOO_BIG)
		return request_invalid(rq, NULL,
			"The body is not valid JSON (RFC 8259, UTF-8, "
			"no key twice).");
	if (json_check(rq->body, JSON_DEPTH_MAX) == ERR_TOO_BIG)
		return request_invalid(rq, NULL,
			"The JSON is nested deeper than %d levels.",
			JSON_DEPTH_MAX);
	return request_fail(rq, ERR_TOO_BIG, "too_many_values",
		"The JSON holds more values than this server accepts.");
}

enum err
request_json(struct request *rq, const struct json **out)
{
	enum err err;

	if (rq->json == NULL) {
		if (!says_json(rq))
			return ERR_MEDIA_TYPE;
		err = json_parse(rq->arena, rq->body, &rq->json);
		if (err != OK)
			return refuse_json(rq, err);
	}
	if (json_kind(rq->json) != JSON_OBJECT)
		return request_invalid(
			rq, NULL, "The body must be a JSON object.");
	*out = rq->json;
	return OK;
}

enum err
request_raw_json(struct request *rq, struct span *out)
{
	enum err err;

	if (!says_json(rq))
		return ERR_MEDIA_TYPE;
	err = json_check_once(rq->body);
	if (err != OK)
		return refuse_json(rq, err);
	*out = rq->body;
	out->len -= strspn(out->data, " \t\r\n");
	out->data += rq->body.len - out->len;
	if (json_raw_kind(*out) != JSON_OBJECT)
		return request_invalid(
			rq, NULL, "The body must be a JSON object.");
	return OK;
}

static bool
has_controls(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f)
			return true;
	return false;
}

enum err
request_text(struct request *rq, const char *key, size_t max, const char **out)
{
	const struct json *json = NULL;
	struct span text;
	size_t length;

	TRY(request_json(rq, &json));
	text = json_text(json_get(json, key));
	if (text.data == NULL)
		return request_invalid(
			rq, key, "\"%s\" must be a string.", key);
	length = utf8_length(text);
	if (length == 0 || length > max)
		return request_invalid(
			rq, key, "\"%s\" has 1 to %zu characters.", key, max);
	if (has_controls(text) || !utf8_valid(text))
		return request_invalid(rq, key,
			"\"%s\" holds characters that are not text.", key);
	*out = text.data;
	return OK;
}

enum err
request_line(struct request *rq, const char *key, size_t max, const char **out)
{
	struct span line;

	TRY(request_text(rq, key, max, out));
	line = line_seen(rq->arena, span_of(*out));
	if (line.len == 0)
		return request_invalid(rq, key,
			"\"%s\" has no character that can be seen.", key);
	*out = line.data;
	return OK;
}

enum err
request_invalid(struct request *rq, const char *field, const char *format, ...)
{
	char detail[256];
	va_list args;

	va_start(args, format);
	vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	rq->detail = arena_str(rq->arena, detail, strlen(detail));
	rq->field = field != NULL ? arena_str(rq->arena, field, strlen(field))
				  : NULL;
	return ERR_INVALID;
}

enum err
request_fail(
	struct request *rq, enum err err, const char *code, const char *detail)
{
	rq->code = code;
	rq->detail = detail;
	return err;
}
