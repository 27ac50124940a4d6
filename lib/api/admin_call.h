/*
 * admin_call.h: a provider of the table as the section [llm] would name it, for
 * what asks it: lists its models, tries one of them.
 */

#ifndef API_ADMIN_CALL_H
#define API_ADMIN_CALL_H

#include "conf/conf.h"
#include "repo/provider_seal.h"
#include "json/json.h"

struct admin_call {
	struct llm_conf conf; /* with the file's time limits */
	const struct json *headers; /* or NULL */
};

/* In *arena*. ERR_CONFLICT: what is sealed cannot be opened (logged). */
MUST_USE enum err admin_call_of(struct arena *arena,
	const struct secret_ring *ring, const struct llm_conf *file,
	const struct provider_row *row, struct admin_call *out);

#endif
