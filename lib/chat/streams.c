#include "chat/streams.h"

#include "base/id.h"
#include "base/mem.h"
#include "chat/stream_private.h"

#include <stdatomic.h>
#include <stdlib.h>

#define SLOTS 4096 /* a power of two */

struct streams {
	struct list all, dirty;
	struct stream *slots[SLOTS];
	size_t n;
	size_t n_dirty;
	enum streams_hurry hurry;
	_Atomic size_t waiting; /* bytes */
};

struct streams *
streams_open(void)
{
	struct streams *streams = mem_zalloc(sizeof(*streams));

	list_open(&streams->all);
	list_open(&streams->dirty);
	return streams;
}

void
streams_close(struct streams *streams)
{
	free(streams);
}

/* ---- the set */

struct stream *
streams_find(const struct streams *streams, uint64_t message_id)
{
	struct stream *stream = streams->slots[id_slot(message_id, SLOTS)];

	while (stream != NULL && stream->message_id != message_id)
		stream = stream->place.next_in_slot;
	return stream;
}

void
streams_add(struct streams *streams, struct stream *stream)
{
	struct stream **slot =
		&streams->slots[id_slot(stream->message_id, SLOTS)];

	stream->place.next_in_slot = *slot;
	*slot = stream;
	list_add(&streams->all, &stream->place.all);
	streams->n++;
}

static bool
is_dirty(const struct stream *stream)
{
	return stream->place.dirty.next != NULL;
}

static void
unlink_dirty(struct streams *streams, struct stream *stream)
{
	if (!is_dirty(stream))
		return;
	list_remove(&stream->place.dirty);
	streams->n_dirty--;
}

void
streams_remove(struct streams *streams, struct stream *stream)
{
	struct stream_place *place = &stream->place;
	struct stream **link =
		&streams->slots[id_slot(stream->message_id, SLOTS)];

	while (*link != stream)
		link = &(*link)->place.next_in_slot;
	*link = place->next_in_slot;
	list_remove(&place->all);
	streams->n--;
	unlink_dirty(streams, stream);
	atomic_fetch_sub(&streams->waiting, place->counted);
	place->counted = 0;
}

struct stream *
streams_any(const struct streams *streams)
{
	return LIST_FIRST(&streams->all, struct stream, place.all);
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
	struct stream *stream = streams_any(streams), *next;

	for (; stream != NULL; stream = next) {
		next = LIST_NEXT(
			&streams->all, stream, struct stream, place.all);
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
	if (is_dirty(stream))
		return;
	list_add(&streams->dirty, &stream->place.dirty);
	streams->n_dirty++;
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

static struct stream *
first_dirty(const struct streams *streams)
{
	return LIST_FIRST(&streams->dirty, struct stream, place.dirty);
}

struct stream *
streams_next_dirty(struct streams *streams)
{
	struct stream *stream = first_dirty(streams);

	if (stream != NULL)
		unlink_dirty(streams, stream);
	return stream;
}

void
streams_each_dirty(struct streams *streams,
	void (*fn)(struct stream *stream, void *arg), void *arg)
{
	struct stream *stream = first_dirty(streams), *next;

	for (; stream != NULL; stream = next) {
		next = LIST_NEXT(
			&streams->dirty, stream, struct stream, place.dirty);
		fn(stream, arg);
	}
}
