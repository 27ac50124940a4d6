/* Statements as text, for migrations. */

#include "db/conn.h"

enum err
db_script(struct db *db, struct span sql)
{
	MYSQL_RES *result;

	TRY(conn_ready(db));
	TRY(conn_query(db, sql));
	result = mysql_store_result(db->mysql);
	if (result != NULL)
		mysql_free_result(result);
	return OK;
}
