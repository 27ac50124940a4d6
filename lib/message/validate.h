/*
 * validate.h: checks whether a posted UI message can be stored and shown again.
 * It is strict about the types and states of what is used, and ignores extra
 * members (which are stored as sent). An optional member may also be null. The
 * roles system and tool are refused.
 */

#ifndef MESSAGE_VALIDATE_H
#define MESSAGE_VALIDATE_H

#include "base/err.h"
#include "json/json.h"

#include <stddef.h>

#define VALIDATE_PARTS_MAX 10000

/* The location and the reason: "messages[1].parts[0].text", "must be a
 * string". */
struct validate_error {
	char field[160];
	char detail[160];
};

/* The source texts of a message's members; {NULL, 0} if absent. */
struct validate_message {
	struct span id, role, parts;
};

/*
 * Checks one message, whose text has passed json_check(); *path* is its
 * location in the body ("messages[1]"). A user message needs at least one part;
 * it may have text, file and data-* parts, and its files must have addresses
 * that others can read. An assistant message may have any parts. *arena* is for
 * temporary data. ERR_INVALID with *error* filled in.
 */
MUST_USE enum err
validate_message(struct arena *arena, const struct validate_message *message,
	const char *path, struct validate_error *error);

#endif
