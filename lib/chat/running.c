#include "chat/running.h"

#include "repo/stop_request.h"

#include <string.h>
#include <time.h>

/* How often a running reply is stopped for a send that replaces it, and how
 * long each attempt waits. */
#define STOP_TRIES 3
#define STOP_WAIT_MS 5000
#define STOP_POLL_MS 50

/* ---- stopping */

/* ERR_NOT_FOUND if the session runs no reply, or another one. */
static enum err
find(struct db *db, uint64_t session_id, uint64_t reply_id, struct lease *lease)
{
	uint64_t id;

	TRY(message_find_running(db, session_id, &id, lease));
	return id == reply_id ? OK : ERR_NOT_FOUND;
}

/* Waits until another process has stopped its reply after our request. */
static enum err
wait_for_end(struct db *db, uint64_t session_id, uint64_t reply_id)
{
	const struct timespec pause = { 0, STOP_POLL_MS * 1000000L };
	struct lease lease;
	enum err err = OK;

	for (int i = 0; i < STOP_WAIT_MS / STOP_POLL_MS && err == OK; i++) {
		nanosleep(&pause, NULL);
		err = find(db, session_id, reply_id, &lease);
	}
	if (err == ERR_NOT_FOUND)
		return OK;
	return err != OK ? err : ERR_BUSY;
}

enum err
running_stop(
	struct hub *hub, struct db *db, uint64_t session_id, uint64_t reply_id)
{
	enum err err = hub_stop(hub, reply_id, STOP_WAIT_MS);
	struct lease lease;

	if (err != ERR_NOT_FOUND)
		return err;
	err = find(db, session_id, reply_id, &lease);
	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	TRY(stop_request_put(db, reply_id, lease));
	/* If the other process is late, the request waits for it: whoever asked
	 * wants the reply stopped. The reaper removes what nobody needs. */
	TRY(wait_for_end(db, session_id, reply_id));
	return stop_request_drop(db, reply_id, lease);
}

enum err
running_replace(struct hub *hub, struct db *db, struct snowflake *ids,
	struct arena *arena, const struct turn_post *post, struct turn *turn)
{
	enum err err;

	for (int i = 0; i < STOP_TRIES; i++) {
		err = turn_open(db, ids, arena, post, turn);
		if (err != OK || turn->outcome != TURN_RUNNING)
			return err;
		TRY(running_stop(hub, db, turn->session_id, turn->reply_id));
	}
	return ERR_BUSY;
}

/* ---- following */

enum err
running_follow(struct hub *hub, struct db *db, struct arena *arena,
	const struct running_reader *reader, struct message *stored,
	bool *followed)
{
	struct hub_start remote = { .session_id = reader->session_id,
		.message_id = reader->reply_id,
		.peer = reader->peer,
		.preamble = reader->preamble };

	*followed = hub_follow(
		hub, reader->reply_id, reader->peer, reader->preamble);
	if (*followed)
		return OK;
	/* Read the message after looking in the hub: a reply that was just
	 * ending here is stored by now. */
	TRY(message_find_id(
		db, arena, reader->session_id, reader->reply_id, stored));
	if (strcmp(stored->status, STATUS_STREAMING) != 0)
		return OK;
	remote.began_ms = stored->update_ms;
	remote.parts = stored->parts;
	remote.metadata = stored->metadata;
	hub_follow_remote(hub, &remote);
	*followed = true;
	return OK;
}
