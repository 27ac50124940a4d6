/*
 * admin_shape.h: providers and models as administrators see them, in answers
 * and in the command's --json. A secret is never in them: of a key there are
 * the last letters, of headers the names.
 */

#ifndef API_ADMIN_SHAPE_H
#define API_ADMIN_SHAPE_H

#include "conf/conf.h"
#include "repo/model.h"
#include "repo/provider_seal.h"
#include "repo/usage_model.h"
#include "json/write.h"

/* What file and environment give, as a provider and a model of the id
 * "configured", which nobody changes here. */
#define ADMIN_CONFIGURED "configured"

/* {id, name, kind, baseUrl, keyTail, hasKey, headers, proxy, enabled, version,
 * locked, problem}; problem is, where the secret file does not open what is
 * sealed, "sealed", or "lost" when it is the *right* file (it was accepted after
 * a loss); else null. */
void admin_shape_provider(struct json_writer *w, struct arena *arena,
	const struct secret_ring *ring, bool right,
	const struct provider_row *row);

/* {id, providerId, upstreamName, label, contextTokens, takes, options,
 * temperature, maxTokens, effort, prices, fallbackId, position, enabled,
 * isDefault, version, locked} */
void admin_shape_model(struct json_writer *w, const struct model_row *row);

/* Whether they are there, and what they look like. */
bool admin_shape_configured(const struct llm_conf *conf);
void admin_shape_configured_provider(struct json_writer *w, struct arena *arena,
	const struct llm_conf *conf);
void admin_shape_configured_model(
	struct json_writer *w, const struct llm_conf *conf);

/* By its word: user, model, day. */
bool admin_shape_usage_by(const char *word, enum usage_by *out);

/* {userId, username | modelId, label | day, replies, inputTokens, cachedTokens,
 * outputTokens, cost}; username is null when the account is gone, cost null
 * where no price was known. */
void admin_shape_usage(
	struct json_writer *w, enum usage_by by, const struct usage_sum *sum);

/* The host of what is at llm.base_url, which stands for its name. */
const char *admin_shape_host(struct arena *arena, const struct llm_conf *conf);

#endif
