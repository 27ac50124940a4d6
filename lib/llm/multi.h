/*
 * multi.h: runs libcurl's transfers on our loop, with its descriptors and its
 * timer. Private to client.c.
 */

#ifndef LLM_MULTI_H
#define LLM_MULTI_H

#include "base/loop.h"

#include <curl/curl.h>
#include <stdbool.h>

struct sock;

struct multi {
	struct loop *loop;
	struct loop *later; /* inside it: descriptors that may wait */
	struct watch look; /* ... and its place in the loop */
	struct sock *current; /* the descriptor whose data is being handled */
	CURLM *handle;
	struct timer timer;
	/* A transfer has ended. Never called from inside libcurl, so the handle
	 * may be removed. */
	void (*on_done)(CURL *easy, CURLcode code);
	bool closing; /* the loop has stopped, so memory is freed at once */
};

/* *multi* must not move. *max_idle*: how many connections are kept for reuse.
 * Without descriptors the process ends. */
void multi_open(struct multi *multi, struct loop *loop, long max_idle,
	void (*on_done)(CURL *easy, CURLcode code));

/* The transfer whose data is being handled now may wait from now on: its
 * descriptor is no longer looked at while multi_hold() holds. */
void multi_may_wait(struct multi *multi, CURL *easy);

/* Whether descriptors that may wait are left alone. Initially they are not. */
void multi_hold(struct multi *multi, bool hold);

/* Handles what has arrived at some thousand of them, whether they are held or
 * not. */
void multi_look(struct multi *multi);

/* Call this when no transfer is left and the loop has stopped. */
void multi_close(struct multi *multi);

#endif
