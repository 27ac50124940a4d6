/*
 * trace.h: the trace that a request is a part of, as its header `traceparent`
 * says (https://www.w3.org/TR/trace-context/, version 00):
 *
 *	00-<32 digits: the trace>-<16 digits: who asks>-<2 digits: flags>
 *
 * A header that is not of this form is none. What else a caller says of its
 * traces (`tracestate`, `baggage`) goes nowhere.
 */

#ifndef BASE_TRACE_H
#define BASE_TRACE_H

#include <stdbool.h>

#define TRACE_ID_LEN 32
#define TRACE_PARENT_LEN 55

struct trace {
	char id[TRACE_ID_LEN + 1]; /* "": none */
	char flags[3];
};

/* *header* may be NULL. False: it names no trace, and *out* is none. */
bool trace_parse(const char *header, struct trace *out);

/* A value for a request that is made in this trace, from a new id. "" of
 * none. */
void trace_parent(const struct trace *trace, char out[TRACE_PARENT_LEN + 1]);

#endif
