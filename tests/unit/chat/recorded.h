/* recorded.h: converts the chunks of a recorded stream to our form. */

#ifndef RECORDED_H
#define RECORDED_H

#include "base/arena.h"
#include "message/chunk.h"

#define CHUNKS_MAX 12000

#define ABSENT ((struct span){ NULL, 0 })
#define ANY_TEXT ((struct span){ "*", 1 })

struct list {
	struct chunk chunks[CHUNKS_MAX];
	size_t n;
};

void recorded_read_list(struct arena *arena, struct span run, struct list *out);

/* The chunks that we send where the recorded server sent *recorded*. */
void recorded_our_form(
	struct arena *arena, const struct list *recorded, struct list *out);

/* If the record has gen-N, any id matches. */
void recorded_rename_id(struct list *list, struct span from, struct span to);

void recorded_assert_same_chunks(
	const char *name, struct list *actual, struct list *expected);

#endif
