/* streamtest.h: one stream, with readers on socket pairs. */

#ifndef STREAMTEST_H
#define STREAMTEST_H

#include "chat/journal.h"
#include "chat/stream.h"

#define KB 1024

extern struct llm_model streamtest_model;

struct stage {
	struct loop *loop;
	struct stream *stream;
	struct journal_batch batch;
	int n_gone;
};

int streamtest_setup(void **state);

int streamtest_teardown(void **state);

/* on_gone of a follower; its argument is the stage. */
void streamtest_on_gone(void *arg, struct follower *follower);

/* Adds a reader; returns the other end of its connection. */
int streamtest_join_sharing(
	struct stage *stage, size_t max, struct follower_share share);

int streamtest_join(struct stage *stage, size_t max);

/* Returns what has arrived at *fd* so far. */
const char *streamtest_arrived(int fd);

void streamtest_say(struct stage *stage, const char *text);

/* Takes an entry like the hub does, with a batch. */
const struct journal_entry *streamtest_take(struct stage *stage);

void streamtest_kept(struct stage *stage);

void streamtest_begin(struct stage *stage);

#endif
