#include "db/fault.h"

#include "base/attr.h"

#include <stddef.h>

static const struct fault {
	unsigned number;
	enum fault_kind kind;
	const char *words;
} faults[] = {
	/* No connection could be made, or none is free. */
	{ 1040, FAULT_LATER,
		"The database server has no connection left; raise its "
		"max_connections or lower db.connections." },
	{ 1203, FAULT_LATER,
		"The database account has no connection left; raise its "
		"max_user_connections or lower db.connections." },
	{ 1226, FAULT_LATER,
		"The database account has reached its limits; raise its "
		"MAX_USER_CONNECTIONS, MAX_CONNECTIONS_PER_HOUR or "
		"MAX_QUERIES_PER_HOUR, or lower db.connections." },
	{ 1042, FAULT_GONE,
		"The database server cannot find out this host's name; set "
		"skip_name_resolve there." },
	{ 1043, FAULT_GONE,
		"The server that answers at db.host is not a database "
		"server." },
	{ 1044, FAULT_LATER,
		"The database account may not use db.name; GRANT it the "
		"rights." },
	{ 1045, FAULT_GONE,
		"The database server refuses db.user or db.password; correct "
		"them, or set the account's password." },
	{ 1698, FAULT_GONE,
		"The database account db.user cannot log in from this system "
		"user, or there is no such account; correct db.user, or give "
		"it a password and set db.password." },
	{ 1049, FAULT_GONE,
		"The database db.name does not exist; create it, or correct "
		"db.name." },
	{ 1046, FAULT_LATER, "db.name names no database." },
	{ 1129, FAULT_GONE,
		"The database server blocks this host after failed "
		"connections; run FLUSH HOSTS there." },
	{ 1130, FAULT_GONE,
		"The database account may not connect from this host; create "
		"it for this host." },
	{ 1135, FAULT_LATER, "The database server cannot start a thread." },
	{ 1251, FAULT_GONE,
		"The database account uses a login method that this client "
		"does not support; change its plugin." },
	{ 1275, FAULT_GONE,
		"The password of the database account is stored in an old "
		"format; set it again." },
	{ 1524, FAULT_GONE,
		"The database server has not loaded the account's log-in "
		"plugin." },
	{ 1820, FAULT_LATER,
		"The database account's password has expired; set it again." },
	{ 1862, FAULT_GONE,
		"The database account's password has expired; set it again." },
	{ 3118, FAULT_GONE,
		"The database account is locked; ALTER USER ... ACCOUNT "
		"UNLOCK." },
	{ 4151, FAULT_GONE,
		"The database account is locked; ALTER USER ... ACCOUNT "
		"UNLOCK." },
	{ 3159, FAULT_GONE,
		"The database server accepts only connections with TLS; set "
		"db.tls." },
	{ 3032, FAULT_GONE,
		"The database server is offline for all but administrators "
		"(offline_mode)." },
	{ 3955, FAULT_GONE, "The database account is locked." },
	{ 4031, FAULT_STALE,
		"The database server closed a connection that was "
		"idle." },
	{ 1053, FAULT_GONE, "The database server is shutting down." },
	{ 1077, FAULT_GONE, "The database server is shutting down." },
	{ 1079, FAULT_GONE, "The database server is shutting down." },
	{ 1080, FAULT_GONE, "The database server closed the connection." },
	{ 1152, FAULT_GONE, "The database server closed the connection." },
	{ 1158, FAULT_GONE, "The connection to the database was lost." },
	{ 1159, FAULT_GONE, "The connection to the database was lost." },
	{ 1160, FAULT_GONE, "The connection to the database was lost." },
	{ 1161, FAULT_GONE, "The connection to the database was lost." },
	{ 1184, FAULT_GONE,
		"The database server closed the connection; does its "
		"init_connect fail?" },
	{ 1927, FAULT_GONE, "The connection to the database was killed." },
	{ 3169, FAULT_GONE, "The connection to the database was killed." },
	{ 2002, FAULT_GONE,
		"There is no database server at db.socket, or none that "
		"answers at db.host and db.port; start it, or correct them." },
	{ 2003, FAULT_GONE,
		"There is no database server at db.host and db.port; start "
		"it, or correct them." },
	{ 2005, FAULT_GONE,
		"The name in db.host cannot be resolved; correct it, or the "
		"name service." },
	{ 2006, FAULT_GONE, "The connection to the database was lost." },
	{ 2012, FAULT_GONE,
		"The database server did not finish the handshake." },
	{ 2013, FAULT_GONE, "The connection to the database was lost." },
	{ 2026, FAULT_GONE,
		"TLS to the database failed; check db.tls, db.ca_file and the "
		"server's certificate." },
	{ 2049, FAULT_GONE,
		"The password of the database account is stored in an old "
		"format; set it again." },
	{ 2059, FAULT_GONE,
		"The database account uses a login method that this client "
		"does not support; change its plugin, or install the "
		"client's." },
	{ 2061, FAULT_GONE,
		"The database account can log in only with TLS; set db.tls." },

	/* The server works, but cannot do it now. */
	{ 1213, FAULT_RETRY, "" },
	{ 1205, FAULT_RETRY, "" },
	{ 1020, FAULT_RETRY, "" },
	{ 1015, FAULT_LATER, "The database cannot lock a file." },
	{ 1021, FAULT_LATER, "The database server's disk is full." },
	{ 1026, FAULT_LATER, "The database server cannot write a file." },
	{ 1030, FAULT_LATER, "The database's storage engine failed." },
	{ 1037, FAULT_LATER, "The database server is out of memory." },
	{ 1038, FAULT_LATER, "The database server is out of sort memory." },
	{ 1041, FAULT_LATER, "The database server is out of memory." },
	{ 1047, FAULT_ELSEWHERE,
		"This node of the cluster does not accept statements at the "
		"moment." },
	{ 3100, FAULT_LATER,
		"The database's group could not agree on a commit." },
	{ 3101, FAULT_RETRY, "" },
	{ 1114, FAULT_LATER, "A table is full; give the database space." },
	{ 1180, FAULT_LATER, "The database could not commit." },
	{ 1206, FAULT_LATER, "The database has no memory for locks left." },
	{ 1223, FAULT_LATER,
		"Somebody holds the database's global read lock, for a backup "
		"perhaps." },
	{ 1290, FAULT_ELSEWHERE,
		"The database is read-only (read_only or super_read_only)." },
	{ 1317, FAULT_LATER, "The statement was killed." },
	{ 1637, FAULT_LATER, "The database runs too many transactions." },
	{ 1792, FAULT_ELSEWHERE, "The database is read-only." },
	{ 1836, FAULT_ELSEWHERE,
		"The database is read-only (innodb_read_only)." },
	{ 1874, FAULT_ELSEWHERE,
		"The database is read-only (innodb_read_only)." },
	{ 3572, FAULT_LATER, "A row is locked." },
	{ 1665, FAULT_LATER,
		"The database's binlog_format is STATEMENT, which these "
		"transactions cannot use; set binlog_format = ROW or MIXED." },
	/* Missing privileges are for the operator to grant. */
	{ 1142, FAULT_LATER,
		"The database account may not use a table; GRANT SELECT, "
		"INSERT, UPDATE, DELETE on db.name. Tables are changed by "
		"lamplight setup as root, or by lamplight migrate with an "
		"account that may." },
	{ 1143, FAULT_LATER,
		"The database account may not use a column; GRANT SELECT, "
		"INSERT, UPDATE, DELETE on db.name." },
	{ 1227, FAULT_LATER, "The database account lacks a right." },
	{ 1370, FAULT_LATER, "The database account lacks a right." },
	/* While a dump is being restored, tables are missing for a moment. */
	{ 1146, FAULT_LATER, "A table is missing; run: lamplight migrate" },

	{ 1969, FAULT_SLOW, "A statement took longer than it may." },
	{ 3024, FAULT_SLOW, "A statement took longer than it may." },

	/* The server does not know the prepared statement (any more). */
	{ 1243, FAULT_STALE, "The database has lost a prepared statement." },
	{ 1461, FAULT_STALE,
		"The database holds too many prepared statements "
		"(max_prepared_stmt_count)." },
	{ 1615, FAULT_STALE, "A prepared statement is out of date." },
	{ 2030, FAULT_STALE, "The database has lost a prepared statement." },
	{ 2056, FAULT_STALE, "The database has lost a prepared statement." },
	{ 2057, FAULT_STALE, "A prepared statement is out of date." },

	/* The server will never accept the value. */
	{ 1062, FAULT_CONFLICT, "" },
	{ 1586, FAULT_CONFLICT, "" },
	{ 1118, FAULT_BIG, "The row is too large." },
	{ 1153, FAULT_BIG,
		"A statement is larger than the database's "
		"max_allowed_packet." },
	{ 1301, FAULT_BIG,
		"A value is larger than the database's max_allowed_packet." },
	{ 1406, FAULT_BIG, "A value is too long for its column." },
	{ 1534, FAULT_BIG,
		"A row is too large for the database's binary log." },
	{ 1713, FAULT_BIG,
		"A row is too large for the undo log of the database." },
	{ 2020, FAULT_BIG,
		"A statement is larger than the client takes in one piece." },
	{ 1048, FAULT_REFUSED, "A value is missing." },
	{ 1264, FAULT_REFUSED, "A number is out of range." },
	{ 1265, FAULT_REFUSED, "A value does not fit its column." },
	{ 1292, FAULT_REFUSED, "A value has a wrong form." },
	{ 1300, FAULT_REFUSED,
		"A text does not fit the column's character set." },
	{ 1364, FAULT_REFUSED, "A value is missing." },
	{ 1366, FAULT_REFUSED,
		"A character cannot be stored: is the column utf8mb4?" },
	{ 1411, FAULT_REFUSED, "A value has a wrong form." },
	{ 3140, FAULT_REFUSED, "A value is not JSON." },
	{ 3819, FAULT_REFUSED, "A check of the table refuses the row." },
	{ 3854, FAULT_REFUSED,
		"A text does not fit the column's character set." },
	{ 3988, FAULT_REFUSED,
		"A text does not fit the column's character set." },
	{ 4025, FAULT_REFUSED, "A check of the table refuses the row." },
};

static const struct fault *
find(unsigned number)
{
	for (size_t i = 0; i < LENGTH(faults); i++)
		if (faults[i].number == number)
			return &faults[i];
	return NULL;
}

/* The client library's own numbers range from 2000 to 2999, and MariaDB's also
 * from 5000; a number missing from the table leaves the connection in doubt. */
static bool
is_of_client(unsigned number)
{
	return (number >= 2000 && number < 3000) ||
		(number >= 5000 && number < 6000);
}

enum fault_kind
fault_kind(unsigned number)
{
	const struct fault *fault = find(number);

	if (fault != NULL)
		return fault->kind;
	return is_of_client(number) ? FAULT_GONE : FAULT_DEFECT;
}

const char *
fault_words(unsigned number)
{
	const struct fault *fault = find(number);

	if (fault != NULL && fault->words[0] != '\0')
		return fault->words;
	return is_of_client(number) ? "The connection to the database failed."
				    : "The database refused a statement.";
}

bool
fault_is_repeated_change(unsigned number)
{
	switch (number) {
	case 1050: /* table exists */
	case 1051: /* unknown table */
	case 1060: /* duplicate column */
	case 1061: /* duplicate key name */
	case 1068: /* multiple primary keys */
	case 1091: /* no such column or key to drop */
		return true;
	default:
		return false;
	}
}

bool
fault_is_crowded(unsigned number)
{
	return number == 1040 || number == 1203 || number == 1226 ||
		number == 1135;
}
