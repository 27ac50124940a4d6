#include "chat/indexer.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/monitor.h"
#include "chat/plain.h"
#include "db/db.h"
#include "repo/search.h"

#include <stdlib.h>

#define PERIOD_MS 300
#define AWAY_MS 2000 /* while the database is away */

struct indexer {
	struct db *db;
	pthread_t thread;
	struct monitor monitor;
	bool closing; /* in the monitor */
};

struct job {
	struct arena *arena;
	struct search_todo todo;
};

static enum err
write_words(struct db *db, void *arg)
{
	struct job *job = arg;
	struct search_todo *todo = &job->todo;
	struct search_text text;

	TRY(search_next(db, job->arena, todo));
	text = (struct search_text){ todo->user_id, todo->session_id,
		todo->message_id, todo->title };
	if (todo->parts.data != NULL)
		text.body = plain_text(job->arena, todo->parts, "text", "text");
	if (text.body.data != NULL)
		TRY(search_put(db, &text));
	return search_done(db, todo->session_id, todo->message_id);
}

/* The note goes, or the text would be tried for ever. */
static enum err
give_up(struct indexer *indexer, const struct search_todo *todo)
{
	log_error("text_refused", "session=%llu message=%llu",
		(unsigned long long)todo->session_id,
		(unsigned long long)todo->message_id);
	return search_done(indexer->db, todo->session_id, todo->message_id);
}

/* ERR_NOT_FOUND: nothing is pending. */
static enum err
index_one(struct indexer *indexer)
{
	struct arena arena = ARENA_INIT;
	struct job job = { .arena = &arena };
	enum err err = db_transaction(indexer->db, write_words, &job);

	arena_reset(&arena);
	if (err == OK || err == ERR_NOT_FOUND || err == ERR_BUSY)
		return err;
	return give_up(indexer, &job.todo);
}

static bool
is_closing(struct indexer *indexer)
{
	bool closing;

	monitor_enter(&indexer->monitor);
	closing = indexer->closing;
	monitor_leave(&indexer->monitor);
	return closing;
}

static void *
run(void *arg)
{
	struct indexer *indexer = arg;
	enum err err;

	do {
		do
			err = index_one(indexer);
		while (err == OK && !is_closing(indexer));
	} while (monitor_rest(&indexer->monitor, &indexer->closing,
		err == ERR_BUSY ? AWAY_MS : PERIOD_MS));
	db_free(indexer->db);
	return NULL;
}

enum err
indexer_open(const struct conf *conf, struct indexer **out)
{
	struct indexer *indexer = mem_zalloc(sizeof(*indexer));

	indexer->db = db_new(&conf->db);
	monitor_open(&indexer->monitor);
	if (pthread_create(&indexer->thread, NULL, run, indexer) != 0)
		abort();
	*out = indexer;
	return OK;
}

void
indexer_close(struct indexer *indexer)
{
	monitor_enter(&indexer->monitor);
	indexer->closing = true;
	monitor_tell(&indexer->monitor);
	monitor_leave(&indexer->monitor);
	pthread_join(indexer->thread, NULL);
	monitor_close(&indexer->monitor);
	free(indexer);
}
