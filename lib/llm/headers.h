/*
 * headers.h: the header lines of a request to a model or a tool, as libcurl
 * takes them: a list that its owner frees with curl_slist_free_all(). NULL is
 * an empty one.
 */

#ifndef LLM_HEADERS_H
#define LLM_HEADERS_H

#include "base/trace.h"

#include <curl/curl.h>

/* Appends a copy of *line*. */
void headers_add(struct curl_slist **headers, const char *line);

/* Appends the traceparent of a request in that trace, if there is one. */
void headers_add_trace(struct curl_slist **headers, const struct trace *trace);

#endif
