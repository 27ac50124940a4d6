/*
 * eraser.h: deletes the rows of what was deleted (repo/erase.h), and the chats
 * that were not used for chat.keep_days (repo/retention.h), a few at a
 * time, and rests as long as it works, so that nobody feels it. Every chat
 * process runs one; they share the work.
 */

#ifndef CHAT_ERASER_H
#define CHAT_ERASER_H

#include "base/err.h"
#include "conf/conf.h"

struct eraser;

/* Starts its thread. What is left when it ends is done by another one, or by
 * the next. */
MUST_USE enum err eraser_open(const struct conf *conf, struct eraser **out);
void eraser_close(struct eraser *eraser);

#endif
