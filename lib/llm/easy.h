/*
 * easy.h: the settings that every transfer shares, to a model, a tool or this
 * server itself.
 */

#ifndef LLM_EASY_H
#define LLM_EASY_H

#include <curl/curl.h>

/* Returns a handle for HTTP only, which follows no redirect and raises no
 * signal. The owner frees it with curl_easy_cleanup(). The program ends if
 * there is no memory. */
CURL *easy_new(void);

#endif
