/*
 * validate.h: whether a posted UI message is one that can be stored and shown
 * again: strict on types and states of what is used, silent on extra members
 * (they are stored as sent). A member that may be left out may be null, too.
 * The roles system and tool are refused.
 */

#ifndef MESSAGE_VALIDATE_H
#define MESSAGE_VALIDATE_H

#include "base/err.h"
#include "json/json.h"

#include <stddef.h>

#define VALIDATE_PARTS_MAX 10000

/* What is wrong, and where: "messages[1].parts[0].text", "must be a string". */
struct validate_error {
	char field[160];
	char detail[160];
};

/* The source texts of a message's members; absent ones {NULL, 0}. */
struct validate_message {
	struct span id, role, parts;
};

/*
 * Checks one message, whose text has passed json_check(); *path* is its place
 * in the body ("messages[1]"). A user message has text, file and data-* parts,
 * at least one, and its files have addresses that others can read; an
 * assistant message has any parts. *arena* is scratch. ERR_INVALID with
 * *error* filled in.
 */
MUST_USE enum err
validate_message(struct arena *arena, const struct validate_message *message,
	const char *path, struct validate_error *error);

#endif
