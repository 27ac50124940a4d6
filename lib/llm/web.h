/*
 * web.h: one HTTP exchange on behalf of a tool, in a thread that may wait.
 *
 * TLS is verified, redirects are not followed, proxies are never taken from the
 * environment, and no credentials are sent except to the operator's own
 * address. A guarded exchange reaches only public addresses on ports 80 and
 * 443. This is checked for the actual address of the connection, so neither a
 * host's spelling nor a changing DNS name gets around it.
 */

#ifndef LLM_WEB_H
#define LLM_WEB_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/trace.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Conditions that end an exchange early. */
struct web_patience {
	int64_t deadline_ms; /* clock_mono_ms() */
	const atomic_bool *cancelled;
};

struct web_request {
	const char *url;
	struct span json; /* the body of a POST; absent for a GET */
	const struct trace *trace; /* sent with a POST; NULL if there is none */
	bool guarded;
	const char *allow; /* guarded: "host:port host:port" are reached, too */
	size_t body_max; /* the rest is cut off */
	struct web_patience patience;
};

struct web_answer {
	long status;
	const char *type; /* Content-Type as received, "" if there is none */
	const char *redirect; /* absolute URL; NULL if there is no redirect */
	struct buf body; /* decoded; the caller frees it */
	bool cut;
};

enum web_result {
	WEB_OK, /* an answer with any status */
	WEB_BAD_URL, /* not http(s), no host, or with a user or password */
	/* guarded: not a public address, or another port than 80 and 443 */
	WEB_REFUSED,
	WEB_UNREACHABLE, /* no such host, refused, broken, TLS */
	WEB_TIMEOUT, /* or cancelled */
};

/* The strings of *out* are in *arena*. Logs nothing. */
MUST_USE enum web_result web_exchange(struct arena *arena,
	const struct web_request *request, struct web_answer *out);

#endif
