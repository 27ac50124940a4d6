#include "db/conn.h"

#include "base/address.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define CONNECT_TIMEOUT_S 5
/* Used if there are several servers; a probe also waits no longer for
 * answers. */
#define SEVERAL_TIMEOUT_S 2
/* Longer than the limits that the server enforces on each statement
 * (session.c). */
#define IO_TIMEOUT_S 30
/* The same for a server that is only read. */
#define HURRIED_TIMEOUT_S 6
/* A connection without an answer for this long is checked before use. */
#define IDLE_MS 30000
/* For this long after an answer, a connection is assumed to be alive. */
#define TRUST_MS 1000
/* The client's own limit; the server's limit is the effective one. */
#define PACKET_MAX ((unsigned long)1 << 28)
/* CR_SSL_CONNECTION_ERROR; not all client libraries define this name. */
#define NO_TLS 2026u
#define SYSTEM_CAS "/etc/ssl/certs/ca-certificates.crt"

static const char *
or_null(const char *str)
{
	return str != NULL && str[0] != '\0' ? str : NULL;
}

/* ---- TLS */

static const char *
ca_file(const struct db_conf *conf)
{
	return or_null(conf->ca_file) != NULL ? conf->ca_file : SYSTEM_CAS;
}

#ifdef MARIADB_PACKAGE_VERSION

/* Newer clients demand TLS unless it is turned off explicitly. */
static void
set_tls(MYSQL *mysql, const struct db_conf *conf)
{
	char enforce = conf->tls != DB_TLS_OFF;
	char verify = conf->tls == DB_TLS_VERIFY;

	mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &enforce);
	mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
	if (verify || or_null(conf->ca_file) != NULL)
		mysql_options(mysql, MYSQL_OPT_SSL_CA, ca_file(conf));
}

#else

static void
set_tls(MYSQL *mysql, const struct db_conf *conf)
{
	static const unsigned modes[] = { [DB_TLS_OFF] = SSL_MODE_PREFERRED,
		[DB_TLS_REQUIRED] = SSL_MODE_REQUIRED,
		[DB_TLS_VERIFY] = SSL_MODE_VERIFY_IDENTITY };
	unsigned mode = modes[conf->tls];
	bool yes = true;

	if (mode == SSL_MODE_VERIFY_IDENTITY || or_null(conf->ca_file) != NULL)
		mysql_options(mysql, MYSQL_OPT_SSL_CA, ca_file(conf));
	if (mode == SSL_MODE_REQUIRED && or_null(conf->ca_file) != NULL)
		mode = SSL_MODE_VERIFY_CA;
	mysql_options(mysql, MYSQL_OPT_SSL_MODE, &mode);
	/* Without TLS, a password is only sent encrypted with the server's
	 * key. */
	mysql_options(mysql, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, &yes);
}

#endif

/* Data sent over a network unencrypted can be read there. */
void
conn_warn(const struct db_conf *conf)
{
	const struct hosts *hosts = &conf->hosts;
	bool far = false;

	for (unsigned i = 0; i < hosts->n; i++)
		far |= !hosts->list[i].is_socket &&
			!address_is_here(hosts->list[i].name);
	if (!far || conf->tls != DB_TLS_OFF)
		return;
	log_warn("db_clear_text",
		"reason=\"The connection to the database at %s may not be "
		"encrypted, and who answers there is not checked; set db.tls = "
		"verify, and db.ca_file.\"",
		conf->is_replica ? "db.read_host" : "db.host");
}

/* ---- connecting */

/* The server with that index; NULL means the one at db.socket. */
static const struct host *
host_at(const struct db_conf *conf, unsigned at)
{
	return at < conf->hosts.n ? &conf->hosts.list[at] : NULL;
}

static bool
is_tcp(const struct host *host)
{
	return host != NULL && !host->is_socket;
}

static void
set_options(MYSQL *mysql, const struct db_conf *conf, const struct host *host,
	enum conn_use use)
{
	bool hurried = conf->hosts.n > 1 || conf->is_replica;
	unsigned connect_s = hurried ? SEVERAL_TIMEOUT_S : CONNECT_TIMEOUT_S;
	unsigned io_s = use == CONN_PROBE ? SEVERAL_TIMEOUT_S
		: conf->is_replica        ? HURRIED_TIMEOUT_S
					  : IO_TIMEOUT_S;
	unsigned long packet_max = PACKET_MAX;

	mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
	if (use != CONN_PATIENT) {
		mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &io_s);
		mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &io_s);
	}
	mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet_max);
	if (is_tcp(host))
		set_tls(mysql, conf);
}

/* For TLS errors, the library's own text says what is wrong with the
 * certificate. */
static void
tell(struct failure *failure, MYSQL *mysql)
{
	failure->number = mysql_errno(mysql);
	snprintf(failure->words, sizeof(failure->words), "%s%s%.140s%s",
		fault_words(failure->number),
		failure->number == NO_TLS ? " (" : "",
		failure->number == NO_TLS ? mysql_error(mysql) : "",
		failure->number == NO_TLS ? ")" : "");
}

/* Passes an empty password rather than none, because for none the library reads
 * the environment (MYSQL_PWD). CLIENT_FOUND_ROWS makes an UPDATE count the rows
 * it found, which distinguishes "renamed to the same title" from "does not
 * exist". Several statements in one packet are for session.c and later.c; like
 * all our statements, they consist only of static strings and quoted values
 * (text.h). */
static bool
connect_to(
	struct conn *conn, const struct db_conf *conf, const struct host *host)
{
	const char *name = is_tcp(host) ? host->name : NULL;
	const char *path = host != NULL && host->is_socket
		? host->name
		: or_null(conf->socket);
	unsigned port = is_tcp(host) && host->port != 0 ? host->port
							: (unsigned)conf->port;

	return mysql_real_connect(conn->mysql, name, or_null(conf->user),
		       conf->password != NULL ? conf->password : "",
		       or_null(conf->name), port, path,
		       CLIENT_FOUND_ROWS | CLIENT_MULTI_STATEMENTS) != NULL;
}

/* MariaDB's client silently falls back to clear text if the server has no TLS,
 * or if an attacker has removed TLS from its greeting. */
static bool
is_encrypted(const struct conn *conn, const struct db_conf *conf,
	struct failure *failure)
{
	if (!is_tcp(host_at(conf, conn->at)) || conf->tls == DB_TLS_OFF ||
		mysql_get_ssl_cipher(conn->mysql) != NULL)
		return true;
	*failure = (struct failure){ .number = NO_TLS };
	snprintf(failure->words, sizeof(failure->words),
		"%s (The server offers no TLS.)", fault_words(NO_TLS));
	return false;
}

struct conn *
conn_open(const struct db_conf *conf, unsigned at, enum conn_use use,
	struct failure *failure)
{
	struct conn *conn = mem_zalloc(sizeof(*conn));
	const struct host *host = host_at(conf, at);

	conn->at = at;
	conn->mysql = mysql_init(NULL);
	if (conn->mysql == NULL)
		abort();
	set_options(conn->mysql, conf, host, use);
	if (!connect_to(conn, conf, host))
		tell(failure, conn->mysql);
	else if (is_encrypted(conn, conf, failure) &&
		session_begin(conn, use, conf->hosts.n > 1, failure)) {
		conn->open_ms = conn->used_ms = clock_mono_ms();
		return conn;
	}
	conn_free(conn);
	return NULL;
}

void
conn_free(struct conn *conn)
{
	if (conn == NULL)
		return;
	stmt_free_all(conn);
	mysql_close(conn->mysql);
	free(conn);
}

void
conn_cut(const struct conn *conn)
{
	shutdown(conn->mysql->net.fd, SHUT_RDWR);
}

/* After a restart, a KILL or wait_timeout, the end of the stream can be read
 * or, without TLS, the server's last message; with TLS other data may be
 * waiting. */
static bool
is_closed(const struct conn *conn)
{
	char byte;
	ssize_t n =
		recv(conn->mysql->net.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	return n == 0 || (n > 0 && mysql_get_ssl_cipher(conn->mysql) == NULL);
}

bool
conn_was_alive(const struct conn *conn)
{
	return clock_mono_ms() - conn->used_ms < TRUST_MS;
}

bool
conn_is_dead(struct conn *conn)
{
	if (is_closed(conn))
		return true;
	if (clock_mono_ms() - conn->used_ms <= IDLE_MS)
		return false;
	return mysql_ping(conn->mysql) != 0;
}
