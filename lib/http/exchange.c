#include "http/front_private.h"

#include "base/log.h"

#include <poll.h>
#include <string.h>

#define LARGE_REQUEST ((size_t)1 << 20)

/* The parameters as the environment that request.h reads; "" if they are not
 * safe to read. */
static char **
environment(struct arena *arena, const struct record_reader *reader)
{
	struct span pairs = buf_span(&reader->params), rest = pairs;
	struct span name, value;
	size_t n = 0;
	char **envp;

	if (reader->params_err != OK)
		return arena_alloc(arena, sizeof(*envp));
	while (record_pair(&rest, &name, &value))
		n++;
	envp = arena_alloc(arena, (n + 1) * sizeof(*envp));
	for (n = 0; record_pair(&pairs, &name, &value); n++)
		envp[n] = arena_printf(arena, "%.*s=%.*s", (int)name.len,
			name.data, (int)value.len, value.data);
	return envp;
}

/* What the loop's thread needs in order to admit or refuse a request. */
struct opened {
	struct arena arena;
	struct fcgi_exchange exchange;
	struct request rq;
};

static void
open_request(struct opened *opened, struct link *link)
{
	*opened = (struct opened){ .exchange.peer = { link->watch.fd,
					   link->reader.request_id } };
	opened->rq = (struct request){ .arena = &opened->arena,
		.exchange = &opened->exchange };
	request_open(&opened->rq, environment(&opened->arena, &link->reader),
		link->front->conf->base_path);
	log_request(opened->rq.id);
	log_trace(opened->rq.trace.id);
}

/* Passes the arena to the connection, whose answer lies in it. */
static void
close_request(struct opened *opened, struct link *link)
{
	log_request("");
	log_trace("");
	if (opened->exchange.answer.left > 0) {
		link->answer = opened->exchange.answer;
		answer_keep(&link->answer, &opened->arena);
	}
	arena_reset(&opened->arena);
}

void
exchange_refuse(struct link *link, enum err err)
{
	const struct front_hooks *hooks = &link->front->hooks;
	struct opened opened;

	open_request(&opened, link);
	hooks->serve(&opened.rq, err, NULL, hooks->arg);
	close_request(&opened, link);
}

/* Checks the announced length of a body before it arrives. */
static enum err
announced(struct link *link, const struct request *rq)
{
	TRY(link->reader.params_err);
	TRY(request_length(rq, &link->length));
	return OK;
}

bool
exchange_admit(struct link *link)
{
	const struct front_hooks *hooks = &link->front->hooks;
	struct opened opened;
	enum err err;
	bool admitted;

	open_request(&opened, link);
	err = announced(link, &opened.rq);
	admitted = err == OK &&
		hooks->admit(&opened.rq, &link->body_max, hooks->arg);
	if (admitted && link->length > (int64_t)link->body_max) {
		admitted = false;
		err = ERR_TOO_BIG;
	}
	if (err != OK)
		hooks->serve(&opened.rq, err, NULL, hooks->arg);
	close_request(&opened, link);
	return admitted;
}

/* Whether nobody waits for the answer any more. Requests that change data run
 * all the same: the client may have left because it had sent them. */
static bool
is_useless(const struct link *link, const struct request *rq)
{
	struct pollfd fd = { link->watch.fd, 0, 0 };

	if (strcmp(rq->method, "GET") != 0 && strcmp(rq->method, "HEAD") != 0)
		return false;
	/* While the connection is watched, the loop notices the peer
	 * leaving. */
	if (!link->front->hooks.hands_over && link->reader.keep)
		return link->gone;
	return poll(&fd, 1, 0) == 1 && (fd.revents & (POLLHUP | POLLERR)) != 0;
}

static void
serve(struct link *link, struct fcgi_library *library, struct request *rq,
	void *thread)
{
	const struct front_hooks *hooks = &link->front->hooks;
	char **envp = NULL;
	int64_t length = -1;
	enum err err = fcgi_library_read(
		library, buf_span(&link->reader.params), &link->body, &envp);

	if (err != OK)
		envp = arena_alloc(rq->arena, sizeof(*envp));
	request_open(rq, envp, link->front->conf->base_path);
	log_request(rq->id);
	log_trace(rq->trace.id);
	rq->body = buf_span(&link->body);
	if (err == OK)
		err = request_length(rq, &length);
	if (err == OK && length >= 0 && length != (int64_t)rq->body.len)
		err = ERR_INVALID;
	link->broken = is_useless(link, rq);
	if (link->broken)
		log_info("peer_gone", "before=1 method=%.8s path=%.80s",
			rq->method, rq->path);
	else
		hooks->serve(rq, err, thread, hooks->arg);
	log_request("");
	log_trace("");
}

void
exchange_run(struct link *link, struct fcgi_library *library, void *thread,
	struct arena *arena)
{
	struct fcgi_exchange exchange = {
		.peer = { link->watch.fd, link->reader.request_id },
	};
	struct request rq = { .arena = arena, .exchange = &exchange };
	struct answer *answer = &exchange.answer;

	serve(link, library, &rq, thread);
	link->large = arena->used + link->body.cap > LARGE_REQUEST;
	link->released = exchange.released;
	if (!link->released && !link->broken)
		link->broken = !answer_send(answer, link->watch.fd);
	if (!link->released && !link->broken && answer->left > 0) {
		link->answer = *answer;
		answer_keep(&link->answer, arena);
	}
	arena_clear(arena);
}
