/*
 * hosts.h: where the database is, as the operator writes it in db.host: one
 * server, or several in the order in which they are preferred.
 *
 *	db1, db2:3307, [2001:db8::1]:3306, 2001:db8::2, /run/mysqld/mysqld.sock
 *
 * A path is that of a unix socket. An address with colons needs brackets only
 * when a port follows.
 */

#ifndef CONF_HOSTS_H
#define CONF_HOSTS_H

#include <stdbool.h>

#define HOSTS_MAX 8
#define HOST_NAME_MAX_LEN 253
#define HOST_SOCKET_MAX_LEN 107 /* of a unix socket's path */

struct host {
	char name[HOST_NAME_MAX_LEN + 1]; /* without brackets */
	unsigned port; /* 0: db.port */
	bool is_socket;
};

/* None: the server is found by db.socket. */
struct hosts {
	struct host list[HOSTS_MAX];
	unsigned n;
};

/* Whether *text* is of the form above; the same server twice is not. "" is
 * none. */
bool hosts_parse(const char *text, struct hosts *out);

#endif
