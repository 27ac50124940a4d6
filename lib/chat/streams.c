#include "chat/streams.h"

#include "base/mem.h"
#include "chat/stream_private.h"

#include <stdatomic.h>
#include <stdlib.h>

#define SLOTS 4096 /* a power of two */

struct streams {
	struct stream *all;
	struct stream *slots[SLOTS];
	size_t n;
	struct stream *dirty;
	struct stream **dirty_end;
	size_t n_dirty;
	enum streams_hurry hurry;
	_Atomic size_t waiting; /* bytes */
};

struct streams *
streams_open(void)
{
	struct streams *streams = mem_zalloc(sizeof(*streams));

	streams->dirty_end = &streams->dirty;
	return streams;
}

void
streams_close(struct streams *streams)
{
	free(streams);
}

/* ---- the set */

static size_t
slot_of(uint64_t message_id)
{
	/* Snowflakes: the sequence is in the low bits, the time above 22. */
	return (message_id ^ message_id >> 22) & (SLOTS - 1);
}

struct stream *
streams_find(const struct streams *streams, uint64_t message_id)
{
	struct stream *stream = streams->slots[slot_of(message_id)];

	while (stream != NULL && stream->message_id != message_id)
		stream = stream->place.next_in_slot;
	return stream;
}

void
streams_add(struct streams *streams, struct stream *stream)
{
	struct stream_place *place = &stream->place;
	struct stream **slot = &streams->slots[slot_of(stream->message_id)];

	place->next_in_slot = *slot;
	*slot = stream;
	place->next = streams->all;
	if (place->next != NULL)
		place->next->place.prev = stream;
	streams->all = stream;
	streams->n++;
}

static void
unlink_dirty(struct streams *streams, struct stream *stream)
{
	struct stream **link = &streams->dirty;

	if (!stream->place.dirty)
		return;
	while (*link != stream)
		link = &(*link)->place.next_dirty;
	*link = stream->place.next_dirty;
	if (*link == NULL)
		streams->dirty_end = link;
	stream->place.dirty = false;
	streams->n_dirty--;
}

void
streams_remove(struct streams *streams, struct stream *stream)
{
	struct stream_place *place = &stream->place;
	struct stream **link = &streams->slots[slot_of(stream->message_id)];

	while (*link != stream)
		link = &(*link)->place.next_in_slot;
	*link = place->next_in_slot;
	if (place->prev != NULL)
		place->prev->place.next = place->next;
	else
		streams->all = place->next;
	if (place->next != NULL)
		place->next->place.prev = place->prev;
	streams->n--;
	unlink_dirty(streams, stream);
	atomic_fetch_sub(&streams->waiting, place->counted);
	place->counted = 0;
}

struct stream *
streams_any(const struct streams *streams)
{
	return streams->all;
}

size_t
streams_n(const struct streams *streams)
{
	return streams->n;
}

void
streams_each(struct streams *streams,
	void (*fn)(struct stream *stream, void *arg), void *arg)
{
	struct stream *stream, *next;

	for (stream = streams->all; stream != NULL; stream = next) {
		next = stream->place.next;
		fn(stream, arg);
	}
}

/* ---- what waits for the journal */

void
streams_count(struct streams *streams, struct stream *stream)
{
	size_t waiting = stream_waiting(stream);

	atomic_fetch_add(&streams->waiting, waiting - stream->place.counted);
	stream->place.counted = waiting;
}

size_t
streams_waiting(const struct streams *streams)
{
	return atomic_load(&streams->waiting);
}

void
streams_hurry(struct streams *streams, enum streams_hurry hurry)
{
	streams->hurry = MAX(streams->hurry, hurry);
}

void
streams_mark(struct streams *streams, struct stream *stream,
	enum streams_hurry hurry)
{
	streams_hurry(streams, hurry);
	stream_seal(stream);
	streams_count(streams, stream);
	if (stream->place.dirty)
		return;
	stream->place.dirty = true;
	streams->n_dirty++;
	stream->place.next_dirty = NULL;
	*streams->dirty_end = stream;
	streams->dirty_end = &stream->place.next_dirty;
}

size_t
streams_n_dirty(const struct streams *streams)
{
	return streams->n_dirty;
}

enum streams_hurry
streams_hurried(const struct streams *streams)
{
	return streams->hurry;
}

void
streams_calm(struct streams *streams)
{
	streams->hurry = STREAMS_NO_HURRY;
}

struct stream *
streams_next_dirty(struct streams *streams)
{
	struct stream *stream = streams->dirty;

	if (stream == NULL)
		return NULL;
	streams->dirty = stream->place.next_dirty;
	if (streams->dirty == NULL)
		streams->dirty_end = &streams->dirty;
	stream->place.dirty = false;
	streams->n_dirty--;
	return stream;
}

void
streams_each_dirty(struct streams *streams,
	void (*fn)(struct stream *stream, void *arg), void *arg)
{
	struct stream *stream, *next;

	for (stream = streams->dirty; stream != NULL; stream = next) {
		next = stream->place.next_dirty;
		fn(stream, arg);
	}
}
