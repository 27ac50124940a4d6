/*
 * headers.h: the header lines of a request to a model or a tool, as a libcurl
 * list, which the owner frees with curl_slist_free_all() (NULL is an empty
 * list), and those of its answer.
 */

#ifndef LLM_HEADERS_H
#define LLM_HEADERS_H

#include "base/span.h"
#include "base/trace.h"

#include <curl/curl.h>

/* Appends a copy of *line*. */
void headers_add(struct curl_slist **headers, const char *line);

/* Appends the traceparent header of the trace, if there is one. */
void headers_add_trace(struct curl_slist **headers, const struct trace *trace);

/* The value in a line of an answer, without blanks around it; absent if the
 * line is another header. */
struct span headers_value(struct span line, const char *name);

#endif
