/*
 * demo-llm.c: the demo model, a small server for a Lamplight that has no real
 * model yet, with the interfaces of OpenAI, Anthropic and Google. It answers
 * with prepared text, word by word at a human pace, and explains in its first
 * reply what it is.
 *
 *	demo-llm PORT [WORDS_PER_SECOND]
 *
 * Listens on 127.0.0.1; PORT 0 chooses a free port. It prints the port.
 * WORDS_PER_SECOND (or DEMO_LLM_RATE in the environment) is 25 by default; 0
 * means as fast as possible.
 *
 *	GET  /v1/models            -> 200 the one model, "demo"
 *	POST /v1/chat/completions  -> 200 event stream | 400 without messages or
 *	                              without stream: true
 *	POST /v1/messages          -> the same, for llm.kind = anthropic
 *	POST /v1/responses         -> for llm.kind = responses
 *	POST /v1/models/demo:streamGenerateContent
 *	                           -> and for llm.kind = gemini
 */

#include "demo-llm/answers.h"
#include "demo-llm/speech.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "json/json.h"
#include "json/write.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define BODY_MAX (64 << 20)
#define RATE_DEFAULT 25
#define RATE_MAX 1000000
#define PIECE_MAX 16 /* bytes of text without blanks sent at once */

struct server {
	struct event_base *base;
	struct timeval pause; /* between two words */
	uint64_t n_replies;
};

/* A running reply; freed when it ends or its client disconnects. */
struct stream {
	struct server *server;
	struct evhttp_request *request;
	struct event *timer;
	struct arena arena;
	const struct speech *speech;
	struct spoken spoken;
	struct answer rest; /* the rest of the answer */
	int64_t n_words_max;
};

/* Takes the next word with the blanks after it, or a piece of text without
 * blanks. */
static struct span
take_word(struct span *text)
{
	size_t len = strcspn(text->data, " \n\t");
	struct span word = *text;

	if (len > 2UL * PIECE_MAX)
		len = MAX(utf8_floor(*text, PIECE_MAX), 1);
	else
		len += strspn(text->data + len, " \n\t");
	word.len = MIN(len, text->len);
	text->data += word.len;
	text->len -= word.len;
	return word;
}

static int64_t
count_words(struct span text)
{
	int64_t n = 0;

	while (text.len > 0) {
		take_word(&text);
		n++;
	}
	return n;
}

/* ---- the event stream */

static void
stream_free(struct stream *stream)
{
	event_free(stream->timer);
	arena_reset(&stream->arena);
	free(stream);
}

static void
on_client_gone(struct evhttp_connection *connection, void *arg)
{
	struct stream *stream = arg;
	struct evhttp_request *request = stream->request;

	(void)connection;
	stream_free(stream);
	/* libevent leaves a request that is being answered to us; ending the
	 * answer frees it. */
	if (evhttp_request_get_connection(request) == NULL)
		evhttp_send_reply_end(request);
}

static void
send_events(struct stream *stream, struct buf *events)
{
	struct evbuffer *out = evbuffer_new();

	evbuffer_add(out, events->data, events->len);
	evhttp_send_reply_chunk(stream->request, out);
	evbuffer_free(out);
	buf_free(events);
}

static void
finish(struct stream *stream)
{
	struct evhttp_request *request = stream->request;
	struct buf events = BUF_INIT;
	bool cut = stream->rest.reasoning.len + stream->rest.text.len > 0;

	stream->speech->end(&stream->spoken, cut, &events);
	send_events(stream, &events);
	evhttp_connection_set_closecb(
		evhttp_request_get_connection(request), NULL, NULL);
	stream_free(stream);
	evhttp_send_reply_end(request);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct stream *stream = arg;
	bool thinking = stream->rest.reasoning.len > 0;
	struct span *rest =
		thinking ? &stream->rest.reasoning : &stream->rest.text;
	struct buf events = BUF_INIT;

	(void)fd;
	(void)what;
	if (rest->len == 0 || stream->spoken.n_words == stream->n_words_max) {
		finish(stream);
		return;
	}
	stream->spoken.n_words++;
	event_add(stream->timer, &stream->server->pause);
	stream->speech->say(
		&stream->spoken, thinking, take_word(rest), &events);
	send_events(stream, &events);
}

/* ---- requests */

static void
refuse(struct evhttp_request *request, const char *message)
{
	struct buf out = BUF_INIT;
	struct json_writer w = json_writer(&out);

	json_open(&w, '{');
	json_key(&w, "error");
	json_open(&w, '{');
	json_member_str(&w, "message", message);
	json_member_str(&w, "type", "invalid_request_error");
	json_close(&w, '}');
	json_close(&w, '}');
	evbuffer_add(
		evhttp_request_get_output_buffer(request), out.data, out.len);
	evhttp_add_header(evhttp_request_get_output_headers(request),
		"Content-Type", "application/json");
	evhttp_send_reply(request, HTTP_BADREQUEST, NULL, NULL);
	buf_free(&out);
}

static struct stream *
stream_new(struct server *server, const struct speech *speech,
	struct evhttp_request *request)
{
	struct stream *stream = mem_zalloc(sizeof(*stream));

	stream->server = server;
	stream->request = request;
	stream->speech = speech;
	stream->spoken.number = ++server->n_replies;
	stream->spoken.created = time(NULL);
	stream->timer = event_new(server->base, -1, 0, on_timer, stream);
	return stream;
}

static void
start(struct stream *stream)
{
	struct evhttp_request *request = stream->request;
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
	struct buf events = BUF_INIT;

	evhttp_connection_set_closecb(
		evhttp_request_get_connection(request), on_client_gone, stream);
	evhttp_add_header(headers, "Content-Type", "text/event-stream");
	evhttp_add_header(headers, "Cache-Control", "no-cache");
	evhttp_send_reply_start(request, HTTP_OK, NULL);
	event_add(stream->timer, &stream->server->pause);
	stream->speech->begin(&stream->spoken, &events);
	send_events(stream, &events);
}

/* -> 200 event stream | 400 */
static void
answer(struct server *server, const struct speech *speech,
	struct evhttp_request *request)
{
	struct stream *stream = stream_new(server, speech, request);
	struct evbuffer *body = evhttp_request_get_input_buffer(request);
	struct span text = { (const char *)evbuffer_pullup(body, -1),
		evbuffer_get_length(body) };
	const struct json *json;
	struct span question;
	const char *problem = NULL;
	bool first;

	if (json_parse_own(&stream->arena, text, &json) != OK)
		problem = "the body is not JSON";
	else if (!speech->streams &&
		!json_boolean(json_get(json, "stream"), false))
		problem = "the demo model only streams: send \"stream\": true";
	else if (!speech_question(speech, json, &question, &first))
		problem = "there is no user message";
	if (problem != NULL) {
		refuse(request, problem);
		stream_free(stream);
		return;
	}
	stream->spoken.with_usage = json_boolean(
		json_get(json_get(json, "stream_options"), "include_usage"),
		false);
	stream->n_words_max = speech_limit(json);
	stream->spoken.n_question =
		count_words(arena_span(&stream->arena, question));
	stream->rest = answer_compose(
		&stream->arena, speech->prompt(json), question, first);
	start(stream);
}

/* POST /v1/chat/completions */
static void
on_completions(struct evhttp_request *request, void *arg)
{
	answer(arg, &speech_openai, request);
}

/* POST /v1/messages */
static void
on_messages(struct evhttp_request *request, void *arg)
{
	answer(arg, &speech_anthropic, request);
}

/* POST /v1/responses */
static void
on_responses(struct evhttp_request *request, void *arg)
{
	answer(arg, &speech_responses, request);
}

/* POST /.../models/NAME:streamGenerateContent */
static void
on_other(struct evhttp_request *request, void *arg)
{
	if (strstr(evhttp_request_get_uri(request), speech_gemini.path) != NULL)
		answer(arg, &speech_gemini, request);
	else
		evhttp_send_error(request, HTTP_NOTFOUND, NULL);
}

/* GET /v1/models -> 200 */
static void
on_models(struct evhttp_request *request, void *arg)
{
	(void)arg;
	evbuffer_add_printf(evhttp_request_get_output_buffer(request),
		"{\"object\":\"list\",\"data\":[{\"id\":\"demo\","
		"\"object\":\"model\",\"owned_by\":\"lamplight\"}]}\n");
	evhttp_add_header(evhttp_request_get_output_headers(request),
		"Content-Type", "application/json");
	evhttp_send_reply(request, HTTP_OK, NULL, NULL);
}

/* ---- the program */

static void
on_stop(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	event_base_loopbreak(arg);
}

static bool
read_number(const char *text, long max, long *out)
{
	char *end;

	*out = strtol(text, &end, 10);
	return *text != '\0' && *end == '\0' && *out >= 0 && *out <= max;
}

static void
print_port(struct evhttp_bound_socket *bound)
{
	struct sockaddr_in address = { 0 };
	socklen_t len = sizeof(address);

	if (getsockname(evhttp_bound_socket_get_fd(bound),
		    (struct sockaddr *)&address, &len) != 0)
		return;
	printf("demo model on http://127.0.0.1:%u/v1\n",
		ntohs(address.sin_port));
	fflush(stdout);
}

static int
serve(struct server *server, uint16_t port)
{
	struct evhttp *http = evhttp_new(server->base);
	struct event *term =
		evsignal_new(server->base, SIGTERM, on_stop, server->base);
	struct event *interrupt =
		evsignal_new(server->base, SIGINT, on_stop, server->base);
	struct evhttp_bound_socket *bound;

	evhttp_set_max_body_size(http, BODY_MAX);
	evhttp_set_cb(http, speech_openai.path, on_completions, server);
	evhttp_set_cb(http, speech_anthropic.path, on_messages, server);
	evhttp_set_cb(http, speech_responses.path, on_responses, server);
	evhttp_set_cb(http, "/v1/models", on_models, server);
	evhttp_set_gencb(http, on_other, server);
	event_add(term, NULL);
	event_add(interrupt, NULL);
	bound = evhttp_bind_socket_with_handle(http, "127.0.0.1", port);
	if (bound == NULL) {
		fprintf(stderr, "demo-llm: cannot listen on 127.0.0.1:%u\n",
			port);
		return EXIT_FAILURE;
	}
	print_port(bound);
	event_base_dispatch(server->base);
	event_free(term);
	event_free(interrupt);
	evhttp_free(http); /* closes the connections, which frees the streams */
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	const char *rate_text = getenv("DEMO_LLM_RATE");
	struct server server = { 0 };
	long port = 0, rate = RATE_DEFAULT;
	int status;

	if (argc == 3)
		rate_text = argv[2];
	if (argc < 2 || argc > 3 || !read_number(argv[1], UINT16_MAX, &port) ||
		(rate_text != NULL &&
			!read_number(rate_text, RATE_MAX, &rate))) {
		fprintf(stderr, "usage: demo-llm PORT [WORDS_PER_SECOND]\n");
		return EXIT_FAILURE;
	}
	signal(SIGPIPE, SIG_IGN);
	if (rate == 1)
		server.pause.tv_sec = 1;
	else if (rate > 1)
		server.pause.tv_usec = 1000000 / rate;
	server.base = event_base_new();
	status = serve(&server, (uint16_t)port);
	event_base_free(server.base);
	return status;
}
