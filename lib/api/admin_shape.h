/*
 * admin_shape.h: providers and models as administrators see them, in answers
 * and in the command's --json. They never contain a secret: only the last
 * letters of a key and the names of headers.
 */

#ifndef API_ADMIN_SHAPE_H
#define API_ADMIN_SHAPE_H

#include "conf/conf.h"
#include "repo/model.h"
#include "repo/provider_seal.h"
#include "repo/usage_model.h"
#include "json/write.h"

/* The provider and the model that file and environment define have this id;
 * they cannot be changed here. */
#define ADMIN_CONFIGURED "configured"

/* {id, name, kind, baseUrl, keyTail, hasKey, headers, proxy, enabled, version,
 * locked, problem}. problem is null if the secret file opens the sealed
 * secrets; otherwise "sealed", or "lost" if the file is the *right* one (it was
 * accepted after a loss). */
void admin_shape_provider(struct json_writer *w, struct arena *arena,
	const struct secret_ring *ring, bool right,
	const struct provider_row *row);

/* {id, providerId, upstreamName, label, contextTokens, takes, options,
 * temperature, maxTokens, effort, prices, fallbackId, position, enabled,
 * isDefault, version, locked} */
void admin_shape_model(struct json_writer *w, const struct model_row *row);

/* Whether file and environment define them, and their JSON. */
bool admin_shape_configured(const struct llm_conf *conf);
void admin_shape_configured_provider(struct json_writer *w, struct arena *arena,
	const struct llm_conf *conf);
void admin_shape_configured_model(
	struct json_writer *w, const struct llm_conf *conf);

/* Parses user, model or day. */
bool admin_shape_usage_by(const char *word, enum usage_by *out);

/* {userId, username | modelId, label | day, replies, inputTokens, cachedTokens,
 * outputTokens, cost}; username is null if the account was deleted, cost is
 * null if no price was known. */
void admin_shape_usage(
	struct json_writer *w, enum usage_by by, const struct usage_sum *sum);

/* The host of llm.base_url, used as the name of the configured provider. */
const char *admin_shape_host(struct arena *arena, const struct llm_conf *conf);

#endif
