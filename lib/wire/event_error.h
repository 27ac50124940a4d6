/*
 * event_error.h: whether an event of a streamed answer is an error. OpenAI's
 * forms come on other wires, too, because gateways answer for all providers.
 */

#ifndef WIRE_EVENT_ERROR_H
#define WIRE_EVENT_ERROR_H

#include "json/json.h"

#include <stdbool.h>

/* Whether the event or its choice reports an error. `error` counts only if it
 * has content: not null, "", {}, false, or {"code":0}. */
bool event_error_is(const struct json *event);

/* Whether it looks like an error but may be only a note: {"message":...}. */
bool event_error_may_be(const struct json *event);

#endif
