/*
 * fault.h: private to lib/db: what an error number of the server or the client
 * library means for us, and how to explain it to an operator. MariaDB and MySQL
 * share the numbers up to 1880; above, each has its own.
 */

#ifndef DB_FAULT_H
#define DB_FAULT_H

#include "base/err.h"

#include <stdbool.h>

enum fault_kind {
	FAULT_DEFECT, /* our own: ERR_INTERNAL */
	FAULT_RETRY, /* a deadlock: repeat the transaction */
	FAULT_CONFLICT, /* a unique key is violated */
	FAULT_GONE, /* the connection is lost or was never made */
	FAULT_STALE, /* lost, but a new one may work at once */
	FAULT_LATER, /* the server works but cannot do it now */
	/* As LATER, but another server may; nothing was done. */
	FAULT_ELSEWHERE,
	FAULT_SLOW, /* the statement exceeded its time limit */
	FAULT_BIG, /* the value will never fit: ERR_TOO_BIG */
	FAULT_REFUSED, /* the value is never accepted: ERR_INVALID */
};

enum fault_kind fault_kind(unsigned number);

/* A sentence that names the reason and, if there is one, the remedy. */
const char *fault_words(unsigned number);

/* Whether the object that a schema change creates exists already, or the one it
 * drops does not exist. */
bool fault_is_repeated_change(unsigned number);

/* Whether the server, or the account, has no free connections. */
bool fault_is_crowded(unsigned number);

#endif
