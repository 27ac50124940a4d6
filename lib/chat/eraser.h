/*
 * eraser.h: deletes the rows of deleted objects (repo/erase.h) and the chats
 * that were not used for chat.keep_days (repo/retention.h), in small batches,
 * idling as long as it works, so users notice nothing. Every chat process runs
 * one; they share the work.
 */

#ifndef CHAT_ERASER_H
#define CHAT_ERASER_H

#include "conf/conf.h"

struct eraser;

/* Starts the thread. Another process, or the next start, finishes what is left
 * when the thread ends. */
struct eraser *eraser_open(const struct conf *conf);
void eraser_close(struct eraser *eraser);

#endif
