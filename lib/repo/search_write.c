#include "repo/search_write.h"

#include "repo/search_index.h"

struct writing {
	struct search_written *done;
	struct index_text texts[SEARCH_WRITE_MAX]; /* of those that have one */
	unsigned max;
	size_t bytes; /* that were read */
	struct arena arena; /* of the texts */
};

static enum err
read_text(struct db *db, struct writing *w, const struct search_note *note)
{
	struct search_written *done = w->done;
	struct arena arena = ARENA_INIT; /* a message may be large */
	struct search_source source;
	struct span body;
	enum err err = search_read(db, &arena, note, &source);

	if (err == OK) {
		body = source.parts.data != NULL
			? search_body(&w->arena, source.parts)
			: arena_span(&w->arena, source.title);
		w->bytes += source.parts.len + source.title.len;
		if (body.data != NULL) {
			done->user_ids[done->n_users] = source.user_id;
			w->texts[done->n_users++] =
				(struct index_text){ source.user_id,
					note->session_id, note->message_id,
					body };
		}
	}
	arena_reset(&arena);
	return err;
}

/* Notes of a text come together. */
static bool
is_again(const struct search_note *list, unsigned i)
{
	return i > 0 && list[i].session_id == list[i - 1].session_id &&
		list[i].message_id == list[i - 1].message_id;
}

/* The notes beyond SEARCH_WRITE_BYTES are left to the next transaction. */
static enum err
write_words(struct db *db, void *arg)
{
	struct writing *w = arg;
	struct search_written *done = w->done;
	unsigned n = 0, found;

	done->n_users = 0;
	w->bytes = 0;
	arena_reset(&w->arena);
	TRY(search_next(db, done->notes, w->max, &found));
	done->n = found;
	if (found == 0)
		return ERR_NOT_FOUND;
	for (; n < found && w->bytes < SEARCH_WRITE_BYTES; n++)
		if (!is_again(done->notes, n))
			TRY(read_text(db, w, &done->notes[n]));
	done->n = n;
	TRY(index_put(db, w->texts, done->n_users));
	return search_done(db, done->notes, n);
}

enum err
search_write(struct db *db, unsigned max, struct search_written *out)
{
	struct writing w = { .done = out,
		.max = MIN(max, SEARCH_WRITE_MAX),
		.arena = ARENA_INIT };
	enum err err;

	out->n = out->n_users = 0;
	err = db_transaction(db, write_words, &w);
	arena_reset(&w.arena);
	return err;
}
