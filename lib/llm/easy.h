/*
 * easy.h: what every transfer to a model, a tool or ourselves has.
 */

#ifndef LLM_EASY_H
#define LLM_EASY_H

#include <curl/curl.h>

/* A handle for HTTP alone, that follows no redirect and raises no signal; its
 * owner frees it with curl_easy_cleanup(). Without memory the program ends. */
CURL *easy_new(void);

#endif
