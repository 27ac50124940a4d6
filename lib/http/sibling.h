/*
 * sibling.h: asking the other programs of this installation over its socket, as
 * the web server does (FastCGI 1.0, sections 3.3 and 6.2). The sockets of all
 * programs lie in one folder, each under its program's name; a program's own,
 * descriptor 0, tells which folder that is. The operator's command asks in the
 * same way.
 */

#ifndef HTTP_SIBLING_H
#define HTTP_SIBLING_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define SIBLINGS_MAX 8

struct sibling {
	const char *name; /* the program's */
	/* OK; ERR_NOT_FOUND: there is no such socket: it is not installed, or
	 * the web server starts it by itself (mod_fcgid); ERR_DENIED: we may
	 * not connect; ERR_BUSY: no answer in time, or something else. */
	enum err err;
	int status; /* the HTTP status of its answer */
	struct buf *body; /* gets the answer's body, or NULL */
};

/* A FastCGI parameter beside those of every request. */
struct sibling_pair {
	const char *name, *value;
};

struct sibling_ask {
	const char *path; /* base path included; a query may follow */
	const char *folder; /* of the sockets; NULL: that of our own */
	const struct sibling_pair *pairs;
	size_t n_pairs;
	int64_t wait_ms; /* for all of them; answers have 256 KB at most */
};

/* GETs the same of all of them at once. */
void
sibling_get(struct sibling *siblings, size_t n, const struct sibling_ask *ask);

#endif
