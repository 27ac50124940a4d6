/*
 * server_figures.h: figures about the database server and our tables in it, for
 * the operator. server.h decides whether the server is suitable; this module
 * shows how well it is set up.
 */

#ifndef REPO_SERVER_FIGURES_H
#define REPO_SERVER_FIGURES_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

struct server_figures {
	const char *version;
	const char *charset; /* the database's default for new tables */
	int64_t pool_bytes; /* innodb_buffer_pool_size */
	int64_t data_bytes; /* of our tables and indexes, approximate */
	int64_t packet_max; /* max_allowed_packet, bytes */
	int64_t connections_max; /* max_connections */
	int64_t connections_used; /* at the moment, by all accounts */
	int64_t user_max; /* allowed for our account; 0: no limit */
	int64_t wait_s; /* wait_timeout: limit of an idle connection */
	int64_t lock_wait_s; /* innodb_lock_wait_timeout */
	int64_t read_s, write_s; /* net_read_timeout, net_write_timeout */
	int64_t ahead_ms; /* its clock minus ours, approximate */
};

/* Reads the figures, with texts in *arena*. ERR_BUSY: the database is
 * unreachable. */
MUST_USE enum err server_figures_read(
	struct db *db, struct arena *arena, struct server_figures *out);

#endif
