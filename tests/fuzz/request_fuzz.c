/*
 * request_fuzz.c: address, cookies and headers of a request. Must hold for any
 * bytes: what a handler is given is decoded UTF-8 and within its limits, and an
 * id is the number whose digits were sent.
 *
 * The input is the values of REQUEST_URI, HTTP_COOKIE, HTTP_TRACEPARENT,
 * HTTP_USER_AGENT and CONTENT_LENGTH, each ended by a NUL.
 */

#include "fuzz.h"

#include "api/browser.h"
#include "base/attr.h"
#include "base/buf.h"
#include "http/request.h"
#include "http/response.h"
#include "http/route.h"
#include "json/utf8.h"

#include <inttypes.h>

#define FEW 100

static const char *const PARAMS[] = { "REQUEST_URI", "HTTP_COOKIE",
	"HTTP_TRACEPARENT", "HTTP_USER_AGENT", "CONTENT_LENGTH" };

static enum err
handle(struct request *rq, struct response *rs)
{
	(void)rq;
	(void)rs;
	return OK;
}

static const struct route ROUTES[] = {
	{ .method = "GET", .pattern = "/a/:id", .handler = handle },
	{ .method = "GET", .pattern = "/a/:id/b/:id2", .handler = handle },
};

static char *
param(struct arena *arena, const char *name, struct span value)
{
	return arena_printf(
		arena, "%s=%s", name, arena_str(arena, value.data, value.len));
}

static void
must_be_the_number(struct span text, uint64_t id)
{
	char digits[BUF_U64_MAX + 1];

	snprintf(digits, sizeof(digits), "%" PRIu64, id);
	must(id != 0 && span_is(text, digits), "an id is its digits");
}

static void
check_path(struct request *rq)
{
	struct response rs = { .status = 200 };
	const struct route *route;
	uint64_t id;

	if (route_find(ROUTES, LENGTH(ROUTES), rq, &rs, &route) != OK)
		rq->n_params = 0;
	for (unsigned i = 0; i < rq->n_params; i++) {
		const char *name = i == 0 ? "id" : "id2";

		if (request_id(rq, name, &id) == OK)
			must_be_the_number(rq->params[i].value, id);
		(void)request_path_text(rq, name);
	}
	response_free(&rs);
}

static void
check_query(struct request *rq)
{
	const char *text;
	int64_t number;

	if (request_query(rq, "q", &text) == OK)
		must(text == NULL || utf8_valid(span_of(text)), "a query");
	else
		must(rq->detail != NULL, "a reason");
	if (request_query_int(rq, "n", 1, FEW, 7, &number) == OK)
		must(number >= 1 && number <= FEW, "a number within bounds");
}

static void
check_headers(struct request *rq)
{
	const char *cookie = request_cookie(rq, "lamplight_refresh");
	const char *agent = browser_agent(rq, FEW);
	char parent[TRACE_PARENT_LEN + 1];
	struct trace again;
	int64_t length;

	must(cookie == NULL || strpbrk(cookie, "; ") == NULL, "one cookie");
	must(strlen(agent) <= FEW, "a short name of a browser");
	for (const char *at = agent; *at != '\0'; at++)
		must(*at >= ' ' && *at <= '~', "printable");
	(void)browser_name(agent);
	(void)browser_system(agent);
	trace_parent(&rq->trace, parent);
	must((parent[0] == '\0') == (rq->trace.id[0] == '\0'), "a trace");
	must(parent[0] == '\0' || trace_parse(parent, &again), "goes on");
	if (request_length(rq, &length) == OK)
		must(length >= -1, "a length");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = fuzz_span(data, size);
	struct arena arena = ARENA_INIT;
	char *envp[LENGTH(PARAMS) + 2];
	struct request rq = { .arena = &arena };
	size_t n = 0;

	envp[n++] = arena_printf(&arena, "REQUEST_METHOD=GET");
	for (size_t i = 0; i < LENGTH(PARAMS); i++)
		envp[n++] = param(&arena, PARAMS[i], fuzz_piece(&rest));
	envp[n] = NULL;
	request_open(&rq, envp, "/base");
	check_path(&rq);
	check_query(&rq);
	check_headers(&rq);
	arena_reset(&arena);
	return 0;
}
