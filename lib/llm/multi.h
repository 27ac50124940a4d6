/*
 * multi.h: runs libcurl's transfers on our loop, with its descriptors and its
 * timer. Private to client.c.
 */

#ifndef LLM_MULTI_H
#define LLM_MULTI_H

#include "base/loop.h"

#include <curl/curl.h>
#include <stdbool.h>

struct multi {
	struct loop *loop;
	CURLM *handle;
	struct timer timer;
	/* A transfer has ended. Never called from inside libcurl, so the handle
	 * may be removed. */
	void (*on_done)(CURL *easy, CURLcode code);
	bool closing; /* the loop has stopped, so memory is freed at once */
};

/* *multi* must not move. *max_idle*: how many connections are kept for
 * reuse. */
void multi_open(struct multi *multi, struct loop *loop, long max_idle,
	void (*on_done)(CURL *easy, CURLcode code));

/* Call this when no transfer is left and the loop has stopped. */
void multi_close(struct multi *multi);

#endif
