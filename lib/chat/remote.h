/*
 * remote.h: follows replies of other processes for readers that came to this
 * one, and carries out what other processes ask of replies that run here.
 * Everything belongs to the loop's thread.
 */

#ifndef CHAT_REMOTE_H
#define CHAT_REMOTE_H

#include "chat/hub_ask.h"
#include "chat/watcher.h"

/* their argument is the struct lives */
extern const struct watcher_handlers remote_handlers;

/* Lets a reader follow a reply that this process does not run; takes ownership
 * of *begin*. */
void remote_follow(struct hub_begin *begin);

#endif
