/*
 * server_figures.h: what an operator wants to know of the database server and
 * of our tables in it, in numbers. What makes the server unsuitable is
 * server.h's; this is about how well it is set up.
 */

#ifndef REPO_SERVER_FIGURES_H
#define REPO_SERVER_FIGURES_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

struct server_figures {
	const char *version;
	const char *charset; /* of our database: what new tables get */
	int64_t pool_bytes; /* innodb_buffer_pool_size */
	int64_t data_bytes; /* of our tables and their indexes, about */
	int64_t packet_max; /* max_allowed_packet, bytes */
	int64_t connections_max; /* max_connections */
	int64_t connections_used; /* now, everybody's */
	int64_t user_max; /* that our account may have, 0: no limit */
	int64_t wait_s; /* wait_timeout: of a connection that is idle */
	int64_t lock_wait_s; /* innodb_lock_wait_timeout */
	int64_t read_s, write_s; /* net_read_timeout, net_write_timeout */
	int64_t ahead_ms; /* its clock, against this host's; about */
};

/* Texts in *arena*. ERR_BUSY: it is away. */
MUST_USE enum err server_figures_read(
	struct db *db, struct arena *arena, struct server_figures *out);

#endif
