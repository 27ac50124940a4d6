/*
 * The state of a session. The server's settings, a provider's init_connect or a
 * proxy may have set anything beforehand; with a wrong character set nothing
 * fails, but every row is stored unreadably. So everything we rely on is set
 * and read back, in one packet.
 *
 * Comments that begin with M! hold what only MariaDB understands; comments with
 * a version number that MariaDB ignores hold what only MySQL understands.
 */

#include "db/conn.h"

#include "base/mem.h"
#include "db/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For statements that change data; reads have their own limit (stmt.c). */
#define STATEMENT_MAX_S 20

#define NAMES                                               \
	"SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci,"     \
	" SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO"  \
	"_DATE,NO_ENGINE_SUBSTITUTION',"                    \
	" SESSION time_zone = '+00:00',"                    \
	" SESSION autocommit = 1,"                          \
	" SESSION completion_type = 0,"                     \
	" SESSION sql_safe_updates = 0,"                    \
	" SESSION sql_select_limit = 18446744073709551615," \
	" SESSION sql_big_selects = 1,"                     \
	" SESSION sql_auto_is_null = 0,"

/* Statement-based logging does not support READ COMMITTED (error 1665), and
 * only an administrator may change the format for a session. */
#define ISOLATION                                                 \
	" SESSION /*M! tx_read_only */"                           \
	" /*!80000 transaction_read_only */ = 0,"                 \
	" SESSION /*M! tx_isolation */"                           \
	" /*!80000 transaction_isolation */ ="                    \
	" IF(@@GLOBAL.log_bin AND @@binlog_format = 'STATEMENT'," \
	" 'REPEATABLE-READ', 'READ-COMMITTED'),"

/* A process stopped in the middle of a transaction (a machine that sleeps or is
 * migrated) holds its locks no longer than its lease; MySQL has no such limit.
 *
 * A session that waits for a whole table, as a migration does, blocks all later
 * sessions from that table; so nobody waits long for one, however patient. */
#define LIMITS                                               \
	" /*M! SESSION max_statement_time = %d,"             \
	" SESSION idle_transaction_timeout = 10,"            \
	" */ SESSION innodb_lock_wait_timeout = %d, SESSION" \
	" lock_wait_timeout = 10;"

#define READ_BACK                                                     \
	" SELECT @@character_set_client, @@character_set_connection," \
	" @@character_set_results, @@sql_mode, @@time_zone,"          \
	" @@autocommit, @@max_allowed_packet,"                        \
	" @@SESSION.max_user_connections"

/* Asked if there are several servers. A Galera node outside its cluster refuses
 * this very statement (1047); a node that sends or receives a full copy of the
 * data is in a state other than "4", synced. */
#define STANDING                                               \
	", @@GLOBAL.read_only, @@GLOBAL.innodb_read_only,"     \
	" /*M! (SELECT IF(MAX(variable_name = 'WSREP_ON' AND"  \
	" variable_value = 'ON'), (SELECT MAX(variable_value)" \
	" FROM information_schema.global_status"               \
	" WHERE variable_name = 'WSREP_LOCAL_STATE'), NULL)"   \
	" FROM information_schema.global_variables"            \
	" WHERE variable_name = 'WSREP_ON') */ /*!80000 NULL */"

/* Makes commits acknowledged at other nodes visible here: a read waits until
 * all that the cluster had committed has arrived. */
static const char AFTER_OTHERS[] = "SET SESSION wsrep_sync_wait = 1";

enum column {
	CLIENT,
	CONNECTION,
	RESULTS,
	MODE,
	ZONE,
	AUTOCOMMIT,
	PACKET_MAX,
	GRANTED,
	N_COLUMNS,
	READ_ONLY = N_COLUMNS,
	ENGINE_READ_ONLY,
	NODE_STATE,
	N_COLUMNS_OF_SEVERAL
};

static bool
refuse(struct failure *failure, const char *setting, const char *value)
{
	failure->number = FAILURE_REFUSED;
	snprintf(failure->words, sizeof(failure->words),
		"The database does not keep the settings of a session: %s is "
		"\"%.40s\". Is a proxy in between?",
		setting, value != NULL ? value : "");
	return false;
}

static bool
is(const char *value, const char *wanted)
{
	return value != NULL && strcmp(value, wanted) == 0;
}

static bool
check(char **row, struct failure *failure)
{
	if (!is(row[CLIENT], "utf8mb4") || !is(row[CONNECTION], "utf8mb4") ||
		!is(row[RESULTS], "utf8mb4"))
		return refuse(failure, "character_set", row[CLIENT]);
	if (row[MODE] == NULL || strstr(row[MODE], "STRICT_") == NULL ||
		strstr(row[MODE], "BACKSLASH") != NULL ||
		strstr(row[MODE], "ANSI_QUOTES") != NULL)
		return refuse(failure, "sql_mode", row[MODE]);
	if (!is(row[ZONE], "+00:00"))
		return refuse(failure, "time_zone", row[ZONE]);
	if (!is(row[AUTOCOMMIT], "1"))
		return refuse(failure, "autocommit", row[AUTOCOMMIT]);
	return true;
}

/* The last result of the packet; NULL if a statement failed. */
static MYSQL_RES *
last_result(MYSQL *mysql)
{
	MYSQL_RES *result = NULL;
	int more;

	do {
		mysql_free_result(result);
		result = mysql_store_result(mysql);
		more = mysql_next_result(mysql);
	} while (more == 0);
	if (more < 0)
		return result;
	mysql_free_result(result);
	return NULL;
}

static bool
failed(struct failure *failure, MYSQL *mysql)
{
	failure->number = mysql_errno(mysql);
	snprintf(failure->words, sizeof(failure->words),
		"The database refuses the state that a session needs. %s",
		fault_words(failure->number));
	return false;
}

static bool
is_off(const char *value)
{
	return is(value, "0") || is(value, "OFF");
}

static bool
take_standing(struct conn *conn, char **row)
{
	const char *state = row[NODE_STATE];

	conn->writable = is_off(row[READ_ONLY]) &&
		is_off(row[ENGINE_READ_ONLY]) &&
		(state == NULL || is(state, "4"));
	return state == NULL || mysql_query(conn->mysql, AFTER_OTHERS) == 0;
}

static bool
take(struct conn *conn, char **row, bool several, struct failure *failure)
{
	if (!check(row, failure))
		return false;
	conn->packet_max = strtoul(row[PACKET_MAX], NULL, 10);
	conn->granted = strtoul(row[GRANTED], NULL, 10);
	conn->writable = true;
	return !several || take_standing(conn, row) ||
		failed(failure, conn->mysql);
}

bool
session_begin(struct conn *conn, enum conn_use use, bool several,
	struct failure *failure)
{
	MYSQL *mysql = conn->mysql;
	unsigned n_columns = several ? N_COLUMNS_OF_SEVERAL : N_COLUMNS;
	bool patient = use == CONN_PATIENT, good;
	MYSQL_RES *result;
	char **row, sql[3072];
	int len = snprintf(sql, sizeof(sql), NAMES ISOLATION LIMITS "%s%s",
		patient ? 0 : STATEMENT_MAX_S, patient ? 50 : 5, READ_BACK,
		several ? STANDING : "");

	if (mysql_real_query(mysql, sql, (unsigned long)len) != 0)
		return failed(failure, mysql);
	result = last_result(mysql);
	row = result != NULL && mysql_num_fields(result) == n_columns
		? mysql_fetch_row(result)
		: NULL;
	good = row != NULL ? take(conn, row, several, failure)
			   : failed(failure, mysql);
	mysql_free_result(result);
	return good;
}
