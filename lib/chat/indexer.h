/*
 * indexer.h: writes the words of new messages and titles for the search
 * (repo/search.h), a moment after they were stored. Indexing takes the database
 * longer than storing, so no user should wait for it. Every chat process runs
 * one; they share the work.
 */

#ifndef CHAT_INDEXER_H
#define CHAT_INDEXER_H

#include "conf/conf.h"

struct indexer;

/* Starts the thread. Another process, or the next start, writes what is pending
 * when the thread ends. */
struct indexer *indexer_open(const struct conf *conf);
void indexer_close(struct indexer *indexer);

#endif
