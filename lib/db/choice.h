/*
 * choice.h: private to lib/db: which of several servers (db.host) is used. All
 * programs prefer them in the same order, so that one server has all writers:
 * what a lock or a unique key decides is decided in one place.
 *
 * Who has connections to a server stays with it; who has none begins with the
 * first. One that failed is asked again when its rest is over, or when no other
 * answers.
 */

#ifndef DB_CHOICE_H
#define DB_CHOICE_H

#include "db/conn.h"

struct choice {
	unsigned at; /* the server in use, of db_conf's hosts */
	struct {
		unsigned failures;
		int64_t rest_until_ms;
	} hosts[HOSTS_MAX];
};

/* The servers in the order in which they are to be tried; *fresh*: there is no
 * connection to stay with. How many; 1 without any list. */
unsigned choice_order(const struct choice *choice, const struct db_conf *conf,
	bool fresh, unsigned order[HOSTS_MAX]);

void choice_failed(struct choice *choice, unsigned host);
void choice_good(struct choice *choice, unsigned host);

/* What became of a search. */
struct tried {
	unsigned bad[HOSTS_MAX]; /* away, or not writable */
	unsigned n_bad;
};

/*
 * Connects to the first server of the order that is writable; else to the first
 * that answers, which is good for reading (conn->writable tells). NULL and
 * *failure*, that of the first, when none does. A server that has no more
 * connections is not passed over: it has the other writers.
 */
struct conn *
choice_open(const struct db_conf *conf, const unsigned *order, unsigned n,
	enum conn_use use, struct tried *tried, struct failure *failure);

#endif
