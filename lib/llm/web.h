/*
 * web.h: one HTTP exchange on behalf of a tool, in a thread that may wait.
 *
 * TLS is verified, redirects are not followed, proxies are never taken from
 * the environment, no credentials are sent but those of the operator's own
 * address. A guarded exchange reaches public addresses on ports 80 and 443
 * only; that is decided on the address that is being connected to, so neither
 * the spelling of a host nor a name that changes its address gets around it.
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

/* What ends every exchange early. */
struct web_patience {
	int64_t deadline_ms; /* clock_mono_ms() */
	const atomic_bool *cancelled;
};

struct web_request {
	const char *url;
	struct span json; /* POSTed; absent: GET */
	const struct trace *trace; /* goes with what is POSTed; or NULL */
	bool guarded;
	const char *allow; /* guarded: "host:port host:port" also reached */
	size_t body_max; /* what is longer is cut off there */
	struct web_patience patience;
};

struct web_answer {
	long status;
	const char *type; /* Content-Type as sent, "" when there is none */
	const char *redirect; /* absolute URL, NULL when it is none */
	struct buf body; /* without its content coding; the caller's to free */
	bool cut;
};

enum web_result {
	WEB_OK, /* there is an answer, whatever its status */
	WEB_BAD_URL, /* not http(s), no host, or with a user or password */
	WEB_REFUSED, /* guarded: not a public address, not ports 80 and 443 */
	WEB_UNREACHABLE, /* no such host, refused, broken, TLS */
	WEB_TIMEOUT, /* or cancelled */
};

/* Texts of *out* are in *arena*. Logs nothing. */
MUST_USE enum web_result web_exchange(struct arena *arena,
	const struct web_request *request, struct web_answer *out);

#endif
