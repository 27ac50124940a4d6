/*
 * trace.h: the trace that a request is part of, as given by its header
 * `traceparent` (https://www.w3.org/TR/trace-context/, version 00):
 *
 *	00-<32 digits: trace id>-<16 digits: parent id>-<2 digits: flags>
 *
 * A header in any other form is ignored, and so are the other trace headers
 * (`tracestate`, `baggage`).
 */

#ifndef BASE_TRACE_H
#define BASE_TRACE_H

#include <stdbool.h>

#define TRACE_ID_LEN 32
#define TRACE_PARENT_LEN 55

struct trace {
	char id[TRACE_ID_LEN + 1]; /* "" if there is no trace */
	char flags[3];
};

/* Reads *header*, which may be NULL. Returns false, with an empty *out*, if it
 * names no trace. */
bool trace_parse(const char *header, struct trace *out);

/* Writes the header value for a request made within this trace, with a new
 * parent id; "" if there is no trace. */
void trace_parent(const struct trace *trace, char out[TRACE_PARENT_LEN + 1]);

#endif
