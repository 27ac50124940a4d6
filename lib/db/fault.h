/*
 * fault.h: private to lib/db: what an error number of a server or of the
 * client library means for us, and how to say it to an operator. MariaDB and
 * MySQL share the numbers up to 1880; above, each has some of its own.
 */

#ifndef DB_FAULT_H
#define DB_FAULT_H

#include "base/err.h"

#include <stdbool.h>

enum fault_kind {
	FAULT_DEFECT, /* ours: ERR_INTERNAL */
	FAULT_RETRY, /* a deadlock: run the transaction again */
	FAULT_CONFLICT, /* a unique key */
	FAULT_GONE, /* the connection is lost, or was never made */
	FAULT_STALE, /* the same, and the next one may do better at once */
	FAULT_LATER, /* the server is there but cannot do it now */
	FAULT_ELSEWHERE, /* the same, but another server may: nothing is done */
	FAULT_SLOW, /* the statement's time limit */
	FAULT_BIG, /* this value will never fit: ERR_TOO_BIG */
	FAULT_REFUSED, /* this value will never be taken: ERR_INVALID */
};

enum fault_kind fault_kind(unsigned number);

/* A sentence that names the reason and, where there is one, the remedy. */
const char *fault_words(unsigned number);

/* What a change of the schema makes is there, or what it drops is not. */
bool fault_is_repeated_change(unsigned number);

/* The server, or the account, has no more connections to give. */
bool fault_is_crowded(unsigned number);

#endif
