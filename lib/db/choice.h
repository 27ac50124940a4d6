/*
 * choice.h: private to lib/db: chooses which of several servers (db.host) to
 * use. All programs prefer them in the same order, so that one server gets all
 * writers: locks and unique keys are then decided in one place.
 *
 * A program with connections to a server stays with it; a program without any
 * begins with the first. A failed server is tried again after its pause, or if
 * no other server answers.
 */

#ifndef DB_CHOICE_H
#define DB_CHOICE_H

#include "db/conn.h"

struct choice {
	unsigned at; /* index into db_conf's hosts of the server in use */
	struct {
		unsigned failures;
		int64_t rest_until_ms;
	} hosts[HOSTS_MAX];
};

/* Writes the order in which to try the servers and returns their number, 1 if
 * db.host lists none. *fresh*: there is no connection to stay with. */
unsigned choice_order(const struct choice *choice, const struct db_conf *conf,
	bool fresh, unsigned order[HOSTS_MAX]);

void choice_failed(struct choice *choice, unsigned host);
void choice_good(struct choice *choice, unsigned host);

/* The outcome of a search. */
struct tried {
	unsigned bad[HOSTS_MAX]; /* unreachable, or not writable */
	unsigned n_bad;
};

/*
 * Connects to the first server of the order that is writable; otherwise to the
 * first that answers, which can still be read (see conn->writable). If none
 * answers, returns NULL and the *failure* of the first. A server without free
 * connections is not skipped, because the other writers are there.
 */
struct conn *
choice_open(const struct db_conf *conf, const unsigned *order, unsigned n,
	enum conn_use use, struct tried *tried, struct failure *failure);

#endif
