#include "db/conn.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdlib.h>
#include <sys/socket.h>

#define CONNECT_TIMEOUT_S 5
#define IO_TIMEOUT_S 30
/* After this long without an answer the connection is tried before use. */
#define IDLE_MS 30000
/* A database that is away is logged as often, however often it is tried. */
#define AWAY_LOG_MS 10000

/* All that a server's defaults could make us lose or misread by. */
static const char SESSION_STATE[] =
	"SET SESSION autocommit = 1, sql_mode ="
	" 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ENGINE_SUBSTITUTION',"
	" time_zone = '+00:00', innodb_lock_wait_timeout = 5";

static const char ISOLATION[] =
	"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE";

void
db_library_open(void)
{
	if (mysql_library_init(0, NULL, NULL) != 0)
		abort();
}

void
db_library_close(void)
{
	mysql_library_end();
}

struct db *
db_new(const struct db_conf *conf)
{
	struct db *db = mem_zalloc(sizeof(*db));

	db->conf = conf;
	return db;
}

struct db *
db_new_patient(const struct db_conf *conf)
{
	struct db *db = db_new(conf);

	db->patient = true;
	return db;
}

void
db_free(struct db *db)
{
	if (db == NULL)
		return;
	conn_close(db);
	free(db);
	mysql_thread_end();
}

void
conn_close(struct db *db)
{
	stmt_free_all(db);
	if (db->mysql != NULL)
		mysql_close(db->mysql);
	db->mysql = NULL;
	db->lost = db->in_transaction;
}

static void
require_tls(MYSQL *mysql)
{
#ifdef MARIADB_PACKAGE_VERSION
	char yes = 1;

	mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &yes);
	mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
#else
	unsigned mode = SSL_MODE_VERIFY_CA;

	mysql_options(mysql, MYSQL_OPT_SSL_MODE, &mode);
#endif
}

static const char *
or_null(const char *str)
{
	return str != NULL && str[0] != '\0' ? str : NULL;
}

static enum err
conn_open(struct db *db)
{
	const struct db_conf *conf = db->conf;
	unsigned connect_s = CONNECT_TIMEOUT_S, io_s = IO_TIMEOUT_S;

	db->mysql = mysql_init(NULL);
	if (db->mysql == NULL)
		abort();
	mysql_options(db->mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
	if (!db->patient) {
		mysql_options(db->mysql, MYSQL_OPT_READ_TIMEOUT, &io_s);
		mysql_options(db->mysql, MYSQL_OPT_WRITE_TIMEOUT, &io_s);
	}
	mysql_options(db->mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	if (conf->tls_required)
		require_tls(db->mysql);
	/* CLIENT_FOUND_ROWS: an UPDATE counts the rows it found, so that
	 * "renamed to the same title" is told from "not there". */
	if (mysql_real_connect(db->mysql, or_null(conf->host),
		    or_null(conf->user), or_null(conf->password),
		    or_null(conf->name), (unsigned)conf->port,
		    or_null(conf->socket), CLIENT_FOUND_ROWS) == NULL)
		return conn_failed(db, mysql_errno(db->mysql), "connect");
	if (db->away_ms != 0)
		log_info("db_back", "connected=1");
	db->away_ms = 0;
	TRY(conn_query(db, span_of(SESSION_STATE)));
	return conn_query(db, span_of(ISOLATION));
}

/*
 * Whether the server has closed it while nobody used it (a restart, a KILL,
 * wait_timeout): the end is there to be read, or, in clear text, the server's
 * last words.
 */
static bool
is_closed(const struct db *db)
{
	char byte;
	ssize_t n = recv(db->mysql->net.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	return n == 0 || (n > 0 && !db->conf->tls_required);
}

static bool
is_dead(const struct db *db, int64_t now_ms)
{
	return is_closed(db) ||
		(now_ms - db->used_ms > IDLE_MS && mysql_ping(db->mysql) != 0);
}

enum err
conn_ready(struct db *db)
{
	int64_t now = clock_mono_ms();
	enum err err;

	/* What follows in this transaction must not run on a new connection. */
	if (db->lost)
		return ERR_BUSY;
	if (db->mysql != NULL && !db->in_transaction && is_dead(db, now))
		conn_close(db);
	if (db->mysql == NULL) {
		err = conn_open(db);
		if (err != OK) {
			conn_close(db);
			return err;
		}
	}
	db->used_ms = now;
	return OK;
}

/* The server is there but cannot do it now. */
static bool
is_temporary(unsigned number)
{
	switch (number) {
	case ER_LOCK_DEADLOCK:
	case ER_LOCK_WAIT_TIMEOUT:
	case ER_CHECKREAD:
	case ER_CON_COUNT_ERROR:
	case ER_TOO_MANY_USER_CONNECTIONS:
	case ER_SERVER_SHUTDOWN:
	case ER_OPTION_PREVENTS_STATEMENT: /* read-only */
	case ER_RECORD_FILE_FULL:
	case ER_DISK_FULL:
	case ER_OUT_OF_RESOURCES:
	case ER_QUERY_INTERRUPTED:
	case ER_UNKNOWN_COM_ERROR: /* a Galera node that is not ready */
	case ER_ERROR_ON_WRITE:
	case ER_OUTOFMEMORY:
		return true;
	default:
		return false;
	}
}

/* The connection is lost, or was never made. */
static bool
is_gone(unsigned number)
{
	return (number >= CR_MIN_ERROR && number <= CR_MAX_ERROR) ||
		number == ER_SERVER_SHUTDOWN ||
		number == ER_CONNECTION_KILLED || number == ER_NORMAL_SHUTDOWN;
}

/* Not being able to connect is one event, not one for each try. */
static void
log_failure(struct db *db, unsigned number, const char *what)
{
	int64_t now_ms = clock_mono_ms();

	if (db->mysql != NULL && mysql_thread_id(db->mysql) == 0) {
		if (db->away_ms != 0 && now_ms - db->away_ms < AWAY_LOG_MS)
			return;
		db->away_ms = now_ms;
	}
	log_warn("db_error", "during=%s number=%u", what, number);
}

enum err
conn_failed(struct db *db, unsigned number, const char *what)
{
	db->retry = number == ER_LOCK_DEADLOCK ||
		number == ER_LOCK_WAIT_TIMEOUT || number == ER_CHECKREAD;
	if (number == ER_DUP_ENTRY)
		return ERR_CONFLICT;
	if (db->retry) {
		log_info("db_retry", "during=%s number=%u", what, number);
		return ERR_BUSY;
	}
	log_failure(db, number, what);
	if (is_gone(number)) {
		conn_close(db);
		return ERR_BUSY;
	}
	return is_temporary(number) ? ERR_BUSY : ERR_INTERNAL;
}

enum err
conn_query(struct db *db, struct span sql)
{
	if (mysql_real_query(db->mysql, sql.data, sql.len) != 0)
		return conn_failed(db, mysql_errno(db->mysql), "query");
	return OK;
}
