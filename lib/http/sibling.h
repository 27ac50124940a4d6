/*
 * sibling.h: sends requests to the other programs of this installation over
 * their sockets, as the web server does (FastCGI 1.0, sections 3.3 and 6.2).
 * The sockets of all programs lie in one folder, each under its program's name;
 * a program finds the folder through its own socket, descriptor 0. The
 * operator's command sends requests in the same way.
 */

#ifndef HTTP_SIBLING_H
#define HTTP_SIBLING_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define SIBLINGS_MAX 8

struct sibling {
	const char *name; /* the program's name */
	/* OK | ERR_NOT_FOUND: there is no such socket, because the program is
	 * not installed or the web server starts it (mod_fcgid) | ERR_DENIED:
	 * we lack permission to connect | ERR_BUSY: no answer in time, or any
	 * other failure. */
	enum err err;
	int status; /* HTTP status of the answer */
	struct buf *body; /* receives the answer's body, or NULL */
};

/* A FastCGI parameter in addition to the usual ones. */
struct sibling_pair {
	const char *name, *value;
};

struct sibling_ask {
	const char *path; /* includes the base path; may have a query */
	const char *folder; /* of the sockets; NULL: the folder of our own */
	const struct sibling_pair *pairs;
	size_t n_pairs;
	int64_t wait_ms; /* for all of them; answers are limited to 256 KB */
};

/* Sends the same GET request to all of them at once. */
void
sibling_get(struct sibling *siblings, size_t n, const struct sibling_ask *ask);

#endif
