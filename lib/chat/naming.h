/*
 * naming.h: titles given by the model. When the reply of a session without a
 * title is stored, the model is asked for one in a small request of its own
 * (llm/title.h) that nobody waits for; the tokens count for the user.
 *
 * The database decides who asks and how often (repo/session_title.h), so only
 * one request per session is under way, and the next turn takes over from a
 * dead worker. If anything fails, the beginning of the question stays the
 * title. Everything belongs to the loop's thread, except for the database work,
 * which is done in threads.
 */

#ifndef CHAT_NAMING_H
#define CHAT_NAMING_H

#include "base/loop.h"
#include "conf/conf.h"
#include "llm/client.h"
#include "tool/pool.h"

#include <stdint.h>

/* How long a title may take, and how many may be asked for at once, per process
 * and per user. Beyond that, the session's next turn asks. */
#define NAMING_MS 30000
#define NAMING_MAX 64
#define NAMING_USER_MAX 4

struct namings;

/* What namings need; everything must outlive them. */
struct naming_means {
	const struct conf *conf;
	struct loop *loop;
	struct llm_client *client;
	struct tool_pool *threads;
};

struct namings *namings_open(const struct naming_means *means);

/* *model* has made a reply of this session that is stored now. Asks it for a
 * title, if there is none and llm.titles is on. */
void namings_begin(struct namings *namings, struct llm_model *model,
	uint64_t user_id, uint64_t session_id);

/* Drops what is under way. Call this when the loop has stopped and the threads
 * have ended. *namings* may be NULL. */
void namings_close(struct namings *namings);

#endif
