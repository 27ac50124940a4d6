/*
 * headers.h: the header lines of a request to a model or a tool, as a libcurl
 * list, which the owner frees with curl_slist_free_all(). NULL is an empty
 * list.
 */

#ifndef LLM_HEADERS_H
#define LLM_HEADERS_H

#include "base/trace.h"

#include <curl/curl.h>

/* Appends a copy of *line*. */
void headers_add(struct curl_slist **headers, const char *line);

/* Appends the traceparent header of the trace, if there is one. */
void headers_add_trace(struct curl_slist **headers, const struct trace *trace);

#endif
