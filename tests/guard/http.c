#include "guarded.h"

#include "api/shape.h"
#include "auth/jwt.h"
#include "http/fcgi.h"
#include "http/record.h"
#include "http/response.h"

#include <stdio.h>
#include <string.h>

#define NOW_S INT64_C(1800000000)
#define NOW_MS (NOW_S * 1000)
#define SESSIONS 20
#define MESSAGES 50
#define REPEAT 20

static const struct jwt_policy policy = {
	.secret = { "a key that is no secret, 32 bytes", 33 },
	.issuer = "lamplight",
	.audience = "lamplight",
	.dated = true,
	.kid = "kid-of-key-",
};

/* {iss, aud, sub, sid, iat: NOW_S, nbf, exp}, signed by that key. Not made
 * here: libjwt keeps claims in a table that begins with a random number. */
static const char token[] =
	"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImtpZC1vZi1rZXktIn"
	"0.eyJpc3MiOiJsYW1wbGlnaHQiLCJhdWQiOiJsYW1wbGlnaHQiLCJzdWIiOiIy"
	"NDMwMDAwMDAwMDAwMDAwMDEiLCJzaWQiOiIyNDMwMDAwMDAwMDAwMDAwMDIiLC"
	"JpYXQiOjE4MDAwMDAwMDAsIm5iZiI6MTgwMDAwMDAwMCwiZXhwIjoxODAwMDAw"
	"OTAwfQ.rp5lG-vZf73b-fYgxzHlXeRrS2--JvD1_l6JTdZAEZA";

static struct {
	struct arena arena;
	struct session sessions[SESSIONS];
	struct history_message messages[MESSAGES];
	struct buf wire; /* a request as nginx sends it */
	struct fcgi_library *library;
} it;

static void
make_sessions(void)
{
	for (unsigned i = 0; i < SESSIONS; i++)
		it.sessions[i] = (struct session){ .id = 243000000000000000 + i,
			.title = "What burns in a lamp, and for how \"long\"?",
			.create_ms = NOW_MS,
			.update_ms = NOW_MS + i };
}

/* Parts of a kilobyte, as they are stored. */
static struct span
make_parts(bool from_user)
{
	struct buf parts = BUF_INIT;

	buf_printf(&parts, "[%s{\"type\":\"text\",\"text\":\"",
		from_user ? "" : "{\"type\":\"step-start\"},");
	for (int i = 0; i < 20; i++)
		buf_puts(&parts,
			"it burns all night, and someone reads by it\\n");
	buf_printf(&parts, "\"%s}]", from_user ? "" : ",\"state\":\"done\"");
	return arena_span(&it.arena, buf_span(&parts));
}

static void
make_messages(void)
{
	static const char metadata[] =
		"{\"createTime\":\"2027-01-15T08:00:00.000Z\","
		"\"model\":\"bench\",\"status\":\"complete\",\"usage\":{"
		"\"inputTokens\":300,\"outputTokens\":200,"
		"\"totalTokens\":500},\"finishReason\":\"stop\"}";
	struct span parts[2] = { make_parts(true), make_parts(false) };

	for (unsigned i = 0; i < MESSAGES; i++)
		it.messages[i] = (struct history_message){
			.id = 243000000000001000 + i,
			.from_user = i % 2 == 0,
			.status = "complete",
			.parts = parts[i % 2],
			.metadata = i % 2 == 0 ? (struct span){ 0 }
					       : span_of(metadata),
			.create_ms = NOW_MS,
		};
}

static void
put_pair(struct buf *pairs, const char *name, const char *value)
{
	size_t len = strlen(value);

	buf_putc(pairs, (char)strlen(name));
	if (len > 127)
		buf_append(pairs,
			(char[]){ (char)(len >> 24 | 0x80), (char)(len >> 16),
				(char)(len >> 8), (char)len },
			4);
	else
		buf_putc(pairs, (char)len);
	buf_puts(pairs, name);
	buf_puts(pairs, value);
}

static void
make_request(void)
{
	static const char begin[8] = { 0, 1, 1 }; /* a responder, kept */
	struct buf pairs = BUF_INIT;
	char bearer[512];

	snprintf(bearer, sizeof(bearer), "Bearer %s", token);
	put_pair(&pairs, "REQUEST_METHOD", "GET");
	put_pair(&pairs, "REQUEST_URI", "/api/ai/sessions?limit=20");
	put_pair(&pairs, "QUERY_STRING", "limit=20");
	put_pair(&pairs, "SERVER_PROTOCOL", "HTTP/1.1");
	put_pair(&pairs, "SERVER_NAME", "chat.example.org");
	put_pair(&pairs, "REMOTE_ADDR", "192.0.2.7");
	put_pair(&pairs, "GATEWAY_INTERFACE", "CGI/1.1");
	put_pair(&pairs, "HTTP_AUTHORIZATION", bearer);
	put_pair(&pairs, "HTTP_USER_AGENT", "Mozilla/5.0 (X11; Linux x86_64)");
	put_pair(&pairs, "HTTP_ACCEPT", "application/json");
	record_put(&it.wire, RECORD_BEGIN, 1, (struct span){ begin, 8 });
	record_put(&it.wire, RECORD_PARAMS, 1, buf_span(&pairs));
	record_put_eof(&it.wire, RECORD_PARAMS, 1);
	record_put_eof(&it.wire, RECORD_STDIN, 1);
	buf_free(&pairs);
}

void
prepare_http(void)
{
	make_sessions();
	make_messages();
	make_request();
	it.library = fcgi_library_open();
}

void
guarded_token(void)
{
	struct arena arena = ARENA_INIT;
	const struct json *claims;

	for (int i = 0; i < REPEAT; i++) {
		must(jwt_check(&policy, &arena, span_of(token), NOW_S + 1,
			     &claims) == OK,
			"the token holds");
		arena_reset(&arena);
	}
}

/* The answer as it would be sent. */
static void
render(struct response *rs, struct arena *arena, size_t len_min)
{
	struct request rq = {
		.arena = arena, .id = "0123456789abcdef", .method = "GET"
	};
	const struct span *pieces;
	size_t n, len = 0;

	pieces = response_pieces(rs, &rq, &n);
	for (size_t i = 0; i < n; i++)
		len += pieces[i].len;
	must(len > len_min, "an answer");
	response_free(rs);
	arena_reset(arena);
}

void
guarded_list(void)
{
	struct arena arena = ARENA_INIT;

	for (int i = 0; i < REPEAT; i++) {
		struct response rs = { .status = 200 };
		struct json_writer w = response_json(&rs, 200);

		json_open(&w, '[');
		for (unsigned n = 0; n < SESSIONS; n++)
			shape_session(&w, &it.sessions[n]);
		json_close(&w, ']');
		render(&rs, &arena, SESSIONS * 100);
	}
}

void
guarded_history(void)
{
	struct arena arena = ARENA_INIT;

	for (int i = 0; i < REPEAT; i++) {
		struct response rs = { .status = 200 };
		struct json_writer w = response_json_spliced(&rs, &arena, 200);

		json_open(&w, '[');
		for (unsigned n = 0; n < MESSAGES; n++)
			shape_message(&w, &it.messages[n]);
		json_close(&w, ']');
		render(&rs, &arena, MESSAGES * 900);
	}
}

void
guarded_framing(void)
{
	struct record_reader reader = { 0 };
	struct buf body = BUF_INIT;
	struct span in, piece;
	char **envp;

	for (int i = 0; i < REPEAT; i++) {
		in = buf_span(&it.wire);
		must(record_read(&reader, &in, &piece) == RECORD_HEAD, "head");
		must(record_read(&reader, &in, &piece) == RECORD_WHOLE &&
				reader.params_err == OK,
			"a whole request");
		must(fcgi_library_read(it.library, buf_span(&reader.params),
			     &body, &envp) == OK,
			"libfcgi");
		record_reset(&reader);
	}
	record_reader_free(&reader);
	buf_free(&body);
}
