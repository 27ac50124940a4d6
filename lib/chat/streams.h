/*
 * streams.h: the set of live streams: by their message's id, and in the order
 * in which they have got something for the journal. It counts the bytes that
 * wait for it. How a stream ends it does not know. Of the loop's thread.
 */

#ifndef CHAT_STREAMS_H
#define CHAT_STREAMS_H

#include "chat/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct streams;

struct streams *streams_open(void);
/* They are gone. */
void streams_close(struct streams *streams);

void streams_add(struct streams *streams, struct stream *stream);
void streams_remove(struct streams *streams, struct stream *stream);

/* The stream of a message, or NULL. */
struct stream *streams_find(const struct streams *streams, uint64_t message_id);

/* Any of them; NULL: there are none. */
struct stream *streams_any(const struct streams *streams);
size_t streams_n(const struct streams *streams);

/* Calls fn(stream, arg), which may remove the stream. */
void streams_each(struct streams *streams,
	void (*fn)(struct stream *stream, void *arg), void *arg);

/* ---- what waits for the journal */

/* Why the next batch should not wait for more; the last is the strongest. */
enum streams_hurry {
	STREAMS_NO_HURRY,
	STREAMS_ENDS, /* a reply has ended, and waits to be stored */
	STREAMS_FIRST_WORDS, /* somebody waits for the first of a reply */
};

/* It has something for the journal: seals, counts and queues it. */
void streams_mark(struct streams *streams, struct stream *stream,
	enum streams_hurry hurry);
void streams_hurry(struct streams *streams, enum streams_hurry hurry);

size_t streams_n_dirty(const struct streams *streams);
enum streams_hurry streams_hurried(const struct streams *streams);
void streams_each_dirty(struct streams *streams,
	void (*fn)(struct stream *stream, void *arg), void *arg);

/* A batch is made: nobody is in a hurry until the next streams_mark(). */
void streams_calm(struct streams *streams);
/* Takes the oldest from the queue, or NULL. */
struct stream *streams_next_dirty(struct streams *streams);

/* Keeps the sum right, after something was taken of it. */
void streams_count(struct streams *streams, struct stream *stream);
/* The sum, in bytes; of any thread. */
size_t streams_waiting(const struct streams *streams);

#endif
