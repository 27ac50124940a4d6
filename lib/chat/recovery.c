#include "chat/recovery.h"

#include "base/attr.h"
#include "base/clock.h"
#include "base/log.h"
#include "chat/rebuild.h"
#include "chat/reply.h"
#include "chat/takeover.h"
#include "repo/session.h"
#include "repo/worker.h"
#include "json/json.h"

#include <inttypes.h>

/* Locks session and message, unless another process has locked one of them or
 * the reply has another life. */
static enum err
lock(struct db *db, struct recovery *recovery, struct message *out)
{
	struct arena *arena = &recovery->arena;

	TRY(session_try_hold(db, arena, recovery->orphan.session_id));
	TRY(message_lock_streaming(db, arena, &recovery->orphan, out));
	return message_lives(out, &recovery->life) ? OK : ERR_NOT_FOUND;
}

/* The model that began the reply continues it; the default model continues
 * replies that are too old to name one. */
static bool
may_go_on(struct recovery *recovery, const struct message *message)
{
	struct arena *arena = &recovery->arena;

	if (recovery->models == NULL)
		return false;
	recovery->model =
		models_of_reply(recovery->models, arena, message->metadata);
	if (json_raw_get(message->metadata, REPLY_MODEL_ID).data == NULL)
		recovery->model = models_default(recovery->models, arena);
	return recovery->model != NULL && recovery->model->endpoint != NULL;
}

enum err
recovery_of_orphan(struct db *db, struct recovery *recovery)
{
	struct message message;
	enum err err;

	/* Without a find, no reply is to blame. */
	recovery->orphan = (struct message_orphan){ 0 };
	TRY(message_find_orphan(db, &recovery->arena, recovery->own,
		recovery->after, &recovery->orphan, &recovery->life));
	recovery->found = true;
	TRY(worker_retire(db, recovery->life.lease));
	TRY(lock(db, recovery, &message));
	if (may_go_on(recovery, &message)) {
		err = takeover_store(db, &recovery->arena, recovery->own,
			recovery->orphan.session_id, &message,
			&recovery->start);
		recovery->taken = err == OK;
		if (err == OK || err == ERR_BUSY)
			return err;
	}
	return rebuild_store(db, recovery->orphan.session_id, &message,
		REBUILD_INTERRUPTED, recovery->reduced);
}

enum err
recovery_of_own(struct db *db, struct recovery *recovery)
{
	struct message message;

	TRY(lock(db, recovery, &message));
	return rebuild_store(db, recovery->orphan.session_id, &message,
		REBUILD_INTERRUPTED, recovery->reduced);
}

static enum err
in_transaction(struct db *db, void *arg)
{
	struct recovery *recovery = arg;

	arena_reset(&recovery->arena);
	recovery->found = false;
	recovery->taken = false;
	return recovery->recover(db, recovery);
}

/* Since when the end of this reply has been refused. If the table is full, the
 * oldest entry is replaced. */
static int64_t
refused_since_ms(struct recoverer *recoverer, uint64_t id)
{
	struct refused_reply *oldest = &recoverer->refusals[0];

	for (size_t i = 0; i < LENGTH(recoverer->refusals); i++) {
		struct refused_reply *refusal = &recoverer->refusals[i];

		if (refusal->id == id)
			return refusal->since_ms;
		if (refusal->since_ms < oldest->since_ms)
			oldest = refusal;
	}
	*oldest = (struct refused_reply){ id, clock_mono_ms() };
	return oldest->since_ms;
}

/* A refused end may be accepted once somebody has corrected the database's
 * settings; after *patience_ms* it is stored reduced. */
enum err
recovery_run(struct recoverer *recoverer, struct recovery *recovery)
{
	enum err err = db_transaction(recoverer->db, in_transaction, recovery);
	uint64_t id = recovery->orphan.id;

	if (rebuild_is_refusal(err) && id != 0) {
		log_error("recovery_refused", "message=%" PRIu64 " error=%s",
			id, err_code(err));
		recovery->reduced =
			clock_mono_ms() >= refused_since_ms(recoverer, id) +
				recoverer->patience_ms;
		if (recovery->reduced)
			err = db_transaction(
				recoverer->db, in_transaction, recovery);
	}
	if (err == OK && recovery->taken) {
		recovery->start.model = llm_model_hold(recovery->model);
		recovery->start.models = recovery->models;
		hub_start(recoverer->hub, &recovery->start);
	}
	if (err == OK)
		log_warn(recovery->taken ? "reply_taken_over"
					 : "reply_recovered",
			"session=%" PRIu64 " message=%" PRIu64,
			recovery->orphan.session_id, recovery->orphan.id);
	arena_reset(&recovery->arena);
	return err;
}
