/*
 * naming.h: titles by the model. When a reply of a session that has no title
 * yet is stored, the model is asked for one, in a small request of its own
 * (llm/title.h) that nobody waits for; the tokens count for the user.
 *
 * The database says who asks and how often (repo/session_title.h), so a title is asked
 * for once at a time, and a worker that dies leaves it to the next turn. Whatever
 * goes wrong, the title stays the question's beginning. All of it is the
 * loop's, but for what needs the database: that is in threads.
 */

#ifndef CHAT_NAMING_H
#define CHAT_NAMING_H

#include "base/loop.h"
#include "conf/conf.h"
#include "llm/client.h"
#include "tool/pool.h"

#include <stdint.h>

/* How long a title may take. Titles at once, of a process and of a user: what is more
 * is asked for with its session's next turn. */
#define NAMING_MS 30000
#define NAMING_MAX 64
#define NAMING_USER_MAX 4

struct namings;

/* What it works with, which must outlive it. */
struct naming_means {
	const struct conf *conf;
	struct loop *loop;
	struct llm_client *client;
	struct tool_pool *threads;
};

struct namings *namings_open(const struct naming_means *means);

/* *model* has made a reply of this session that is stored now: it is asked for a
 * title, if there is none and llm.titles is on. */
void namings_begin(struct namings *namings, struct llm_model *model,
	uint64_t user_id, uint64_t session_id);

/* When the loop has stopped and the threads have ended: drops what is under
 * way. *namings* may be NULL. */
void namings_close(struct namings *namings);

#endif
