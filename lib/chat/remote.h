/*
 * remote.h: replies that other processes run, for readers that came to this
 * one; and what others ask of replies that run here. Of the loop's thread.
 */

#ifndef CHAT_REMOTE_H
#define CHAT_REMOTE_H

#include "chat/hub_ask.h"
#include "chat/watcher.h"

extern const struct watcher_handlers remote_handlers; /* arg: the lives */

/* A reader follows a reply that was not found here; takes *begin* over. */
void remote_follow(struct hub_begin *begin);

#endif
