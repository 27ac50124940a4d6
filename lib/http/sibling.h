/*
 * sibling.h: asking another program of this installation over its socket, as
 * the web server does (FastCGI 1.0, sections 3.3 and 6.2). The sockets of all
 * programs lie in one folder, each under its program's name; ours, descriptor
 * 0, tells which folder that is.
 */

#ifndef HTTP_SIBLING_H
#define HTTP_SIBLING_H

#include "base/err.h"

#include <stdint.h>

/*
 * GET *path* (base path included) of the program *name*. *status* is the HTTP
 * status of its answer. ERR_NOT_FOUND: there is no such socket: it is not
 * installed, or the web server starts it by itself (mod_fcgid). ERR_BUSY: it
 * does not answer within *wait_ms*, or answers something else.
 */
MUST_USE enum err
sibling_get(const char *name, const char *path, int64_t wait_ms, int *status);

#endif
