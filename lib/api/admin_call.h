/*
 * admin_call.h: presents a stored provider as the section [llm] would name it,
 * for callers that list its models or test one of them.
 */

#ifndef API_ADMIN_CALL_H
#define API_ADMIN_CALL_H

#include "conf/conf.h"
#include "llm/trial.h"
#include "repo/model.h"
#include "repo/provider_seal.h"
#include "json/write.h"

struct admin_call {
	struct llm_conf conf; /* includes the file's timeouts */
	const struct json *headers; /* or NULL */
};

/* In *arena*. ERR_CONFLICT: the sealed secrets cannot be opened (logged). */
MUST_USE enum err admin_call_of(struct arena *arena,
	const struct secret_ring *ring, const struct llm_conf *file,
	const struct provider_row *row, struct admin_call *out);

/* The same for one of its models, whose row overrides the file's settings. */
MUST_USE enum err
admin_call_of_model(struct arena *arena, const struct secret_ring *ring,
	const struct llm_conf *file, const struct provider_row *provider,
	const struct model_row *row, struct admin_call *out);

/* Stores the results of a trial in the row if they differ from it. Errors as
 * for model_change(). */
MUST_USE enum err admin_call_keep(struct db *db, struct arena *arena,
	const struct admin_call *call, const struct llm_trial *trial,
	struct model_row *row, enum refusal *why);

/* {checks: [{name, ok, detail}], takes, version} */
void admin_call_put(struct json_writer *w, const struct llm_trial *trial,
	struct span takes, uint32_t version);

#endif
