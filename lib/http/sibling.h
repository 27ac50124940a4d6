/*
 * sibling.h: asking the other programs of this installation over its socket, as
 * the web server does (FastCGI 1.0, sections 3.3 and 6.2). The sockets of all
 * programs lie in one folder, each under its program's name; ours, descriptor
 * 0, tells which folder that is.
 */

#ifndef HTTP_SIBLING_H
#define HTTP_SIBLING_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define SIBLINGS_MAX 8

struct sibling {
	const char *name; /* the program's */
	/* OK; ERR_NOT_FOUND: there is no such socket: it is not installed, or
	 * the web server starts it by itself (mod_fcgid); ERR_BUSY: no answer
	 * in time, or something else. */
	enum err err;
	int status; /* the HTTP status of its answer */
};

/* GET *path* (base path included) of all of them at once, and until all have
 * answered, or for *wait_ms*. */
void sibling_get(
	struct sibling *siblings, size_t n, const char *path, int64_t wait_ms);

#endif
