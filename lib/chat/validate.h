/*
 * validate.h: whether a posted UI message is one that validateUIMessages of
 * ai 5, 6 and 7 all accept. Strict on types and states, silent on extra
 * members (they are stored as sent). Part types that only ai 7 knows, the
 * messages of ai 4, and the roles system and tool are refused.
 */

#ifndef CHAT_VALIDATE_H
#define CHAT_VALIDATE_H

#include "base/err.h"
#include "json/json.h"

#include <stddef.h>

#define VALIDATE_PARTS_MAX 10000

/* What is wrong, and where: "messages[1].parts[0].text", "must be a text". */
struct validate_error {
	char field[160];
	char detail[160];
};

/*
 * Checks one message {id, role: "user" | "assistant", parts, metadata?};
 * *path* is its place in the body ("messages[1]"). A user message has text,
 * file and data-* parts, at least one; an assistant message any known part.
 * ERR_INVALID with *error* filled in.
 */
MUST_USE enum err validate_message(const struct json *message, const char *path,
	struct validate_error *error);

#endif
