/*
 * hosts.h: the addresses of the database as the operator writes them in
 * db.host: one server, or several in order of preference.
 *
 *	db1, db2:3307, [2001:db8::1]:3306, 2001:db8::2, /run/mysqld/mysqld.sock
 *
 * A path names a unix socket. An address with colons needs brackets only if a
 * port follows.
 */

#ifndef CONF_HOSTS_H
#define CONF_HOSTS_H

#include <stdbool.h>

#define HOSTS_MAX 8
#define HOST_NAME_MAX_LEN 253
#define HOST_SOCKET_MAX_LEN 107 /* length of a unix socket's path */

struct host {
	char name[HOST_NAME_MAX_LEN + 1]; /* without brackets */
	unsigned port; /* 0: db.port */
	bool is_socket;
};

/* Without any host, db.socket locates the server. */
struct hosts {
	struct host list[HOSTS_MAX];
	unsigned n;
};

/* Whether *text* has the form above; the same server twice is an error, and ""
 * means no host. */
bool hosts_parse(const char *text, struct hosts *out);

#endif
