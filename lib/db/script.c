/* Runs statements as text, for migrations. */

#include "db/conn.h"
#include "db/fault.h"

static enum err
run(struct db *db, struct span sql)
{
	MYSQL_RES *result;

	TRY(db_take(db));
	TRY(db_query(db, sql));
	result = mysql_store_result(db->conn->mysql);
	if (result != NULL)
		mysql_free_result(result);
	return OK;
}

enum err
db_script(struct db *db, struct span sql)
{
	enum err err;

	db->failure.number = 0;
	err = run(db, sql);
	db_give(db);
	return err;
}

bool
db_script_is_repeated(const struct db *db)
{
	return fault_is_repeated_change(db->failure.number);
}
