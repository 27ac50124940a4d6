/*
 * dispatch.h: leads a request to its handler and to its answer: origins,
 * routes, authentication and limits. It contains the hooks of a program's front
 * (http/front.h), whose argument is the struct app.
 */

#ifndef API_DISPATCH_H
#define API_DISPATCH_H

#include "base/err.h"
#include "http/request.h"

#include <stdbool.h>
#include <stddef.h>

bool dispatch_admit(struct request *rq, size_t *body_max, void *app);
void dispatch_serve(struct request *rq, enum err err, void *thread, void *app);

#endif
