/*
 * eraser.h: deletes the rows of deleted objects (repo/erase.h) and the chats
 * that were not used for chat.keep_days (repo/retention.h), in small batches,
 * idling as long as it works, so users notice nothing. Every chat process runs
 * one; they share the work.
 */

#ifndef CHAT_ERASER_H
#define CHAT_ERASER_H

#include "base/err.h"
#include "conf/conf.h"

struct eraser;

/* Starts the thread. Another process, or the next start, finishes what is left
 * when the thread ends. */
MUST_USE enum err eraser_open(const struct conf *conf, struct eraser **out);
void eraser_close(struct eraser *eraser);

#endif
