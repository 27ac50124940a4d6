/*
 * streams.h: the set of live streams, found by message id, and in the order in
 * which they got something for the journal. It counts the bytes that wait for
 * the journal, and knows nothing of how streams end. Everything belongs to the
 * loop's thread.
 */

#ifndef CHAT_STREAMS_H
#define CHAT_STREAMS_H

#include "chat/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct streams;

struct streams *streams_open(void);
/* All streams must be gone. */
void streams_close(struct streams *streams);

void streams_add(struct streams *streams, struct stream *stream);
void streams_remove(struct streams *streams, struct stream *stream);

/* The stream of a message; NULL if there is none. */
struct stream *streams_find(const struct streams *streams, uint64_t message_id);

/* Any stream of the set; NULL if it is empty. */
struct stream *streams_any(const struct streams *streams);
size_t streams_n(const struct streams *streams);

/* Calls fn(stream, arg), which may remove the stream. */
void streams_each(struct streams *streams,
	void (*fn)(struct stream *stream, void *arg), void *arg);

/* ---- the queue for the journal */

/* Why the next batch should not wait for more; a later value outweighs an
 * earlier one. */
enum streams_hurry {
	STREAMS_NO_HURRY,
	STREAMS_ENDS, /* a reply has ended and has to be stored */
	STREAMS_FIRST_WORDS, /* a reader waits for the first words of a reply */
};

/* Queues a stream that has something for the journal; seals and counts it. */
void streams_mark(struct streams *streams, struct stream *stream,
	enum streams_hurry hurry);
void streams_hurry(struct streams *streams, enum streams_hurry hurry);

size_t streams_n_dirty(const struct streams *streams);
enum streams_hurry streams_hurried(const struct streams *streams);
void streams_each_dirty(struct streams *streams,
	void (*fn)(struct stream *stream, void *arg), void *arg);

/* Call this when a batch has been made: nothing is in a hurry until the next
 * streams_mark(). */
void streams_calm(struct streams *streams);
/* Removes the oldest stream from the queue; NULL if the queue is empty. */
struct stream *streams_next_dirty(struct streams *streams);

/* Updates the sum after something was taken from the stream. */
void streams_count(struct streams *streams, struct stream *stream);
/* The sum, in bytes; may be called from any thread. */
size_t streams_waiting(const struct streams *streams);

#endif
