#include "api/gather.h"

#include "http/sibling.h"

const char *const gather_programs[GATHER_PROGRAMS] = { "chat", "auth",
	"sessions", "messages", "admin", "health" };

/* Identifies us as the operator: by the token if there is one, otherwise by
 * asking from this machine. */
static struct sibling_pair
identity(struct arena *arena, const struct http_conf *conf)
{
	if (conf->operator_token[0] == '\0')
		return (struct sibling_pair){ "REMOTE_ADDR", "127.0.0.1" };
	return (struct sibling_pair){ "HTTP_AUTHORIZATION",
		arena_printf(arena, "Bearer %s", conf->operator_token) };
}

size_t
gather_figures(struct arena *arena, const struct http_conf *conf,
	const struct gather_ask *ask, struct span *texts)
{
	const struct sibling_pair pair = identity(arena, conf);
	const struct sibling_ask get = {
		.path = arena_printf(arena, "%s" GATHER_PATH, conf->base_path),
		.folder = ask->folder,
		.pairs = &pair,
		.n_pairs = 1,
		.wait_ms = ask->wait_ms,
	};
	const size_t n = MIN(ask->n, GATHER_MAX);
	struct sibling siblings[GATHER_MAX];
	struct buf bodies[GATHER_MAX] = { 0 };
	size_t n_texts = 0;

	for (size_t i = 0; i < n; i++)
		siblings[i] = (struct sibling){ .name = ask->programs[i],
			.body = &bodies[i] };
	sibling_get(siblings, n, &get);
	for (size_t i = 0; i < n; i++) {
		if (siblings[i].err == OK && siblings[i].status == 200)
			texts[n_texts++] =
				arena_span(arena, buf_span(&bodies[i]));
		buf_free(&bodies[i]);
	}
	return n_texts;
}
