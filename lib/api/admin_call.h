/*
 * admin_call.h: a provider of the table as the section [llm] would name it, for
 * what asks it: lists its models, tries one of them.
 */

#ifndef API_ADMIN_CALL_H
#define API_ADMIN_CALL_H

#include "conf/conf.h"
#include "llm/trial.h"
#include "repo/model.h"
#include "repo/provider_seal.h"
#include "json/write.h"

struct admin_call {
	struct llm_conf conf; /* with the file's time limits */
	const struct json *headers; /* or NULL */
};

/* In *arena*. ERR_CONFLICT: what is sealed cannot be opened (logged). */
MUST_USE enum err admin_call_of(struct arena *arena,
	const struct secret_ring *ring, const struct llm_conf *file,
	const struct provider_row *row, struct admin_call *out);

/* The same of one of its models: what the row says holds. */
MUST_USE enum err
admin_call_of_model(struct arena *arena, const struct secret_ring *ring,
	const struct llm_conf *file, const struct provider_row *provider,
	const struct model_row *row, struct admin_call *out);

/* Puts what a trial has found out into the row, and stores it when that is
 * something else than it had. Errors as model_change(). */
MUST_USE enum err admin_call_keep(struct db *db, struct arena *arena,
	const struct admin_call *call, const struct llm_trial *trial,
	struct model_row *row, enum refusal *why);

/* {checks: [{name, ok, detail}], takes, version} */
void admin_call_put(struct json_writer *w, const struct llm_trial *trial,
	struct span takes, uint32_t version);

#endif
