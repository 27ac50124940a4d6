/*
 * indexer.h: writes the words of new messages and titles for the search
 * (repo/search.h), a moment after they were stored: it takes the database
 * longer than the storing, and nobody should wait for it. Every chat process
 * runs one; they share the work.
 */

#ifndef CHAT_INDEXER_H
#define CHAT_INDEXER_H

#include "base/err.h"
#include "conf/conf.h"

struct indexer;

/* Starts its thread. What is pending when it ends is written by another one,
 * or by the next. */
MUST_USE enum err indexer_open(const struct conf *conf, struct indexer **out);
void indexer_close(struct indexer *indexer);

#endif
