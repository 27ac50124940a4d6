/*
 * multi.h: libcurl's transfers on our loop: its descriptors and its timer.
 * Inside of client.c.
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
	/* A transfer has ended. Not called from inside libcurl: the handle may
	 * be taken out. */
	void (*on_done)(CURL *easy, CURLcode code);
	bool closing; /* the loop has stopped: free at once */
};

/* *multi* must stay where it is. *max_idle*: connections kept for reuse. */
void multi_open(struct multi *multi, struct loop *loop, long max_idle,
	void (*on_done)(CURL *easy, CURLcode code));

/* When no transfer is left in it and the loop has stopped. */
void multi_close(struct multi *multi);

#endif
