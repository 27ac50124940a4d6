/*
 * admin_form.h: what an administrator says of a provider or a model, as the
 * members of a JSON object, checked and put into a row. The page's and the
 * command's (bin/lamplight): so both take the same and say the same. A member
 * that is not there leaves the row as it is; one that nobody knows is refused,
 * but for `version`, which is the caller's.
 *
 *	provider  name, kind, baseUrl, key, headers, proxy, enabled
 *	model     providerId, upstreamName, label, contextTokens, takes, options,
 *	          temperature, maxTokens, effort, prices, fallbackId, position,
 *	          enabled, isDefault
 *
 * null takes a value away where there can be none. A header of the value "..."
 * keeps the value that it has: what is secret is shown so.
 */

#ifndef API_ADMIN_FORM_H
#define API_ADMIN_FORM_H

#include "repo/model.h"
#include "repo/provider_seal.h"
#include "json/json.h"

struct admin_form {
	struct arena *arena;
	const struct json *body; /* an object */
	const char *field, *detail; /* of what is refused, in *arena* */
};

/* ERR_INVALID with field and detail. What is secret goes into *secrets*, which
 * hold what there was; the caller seals them. *kind* is the provider's of the
 * model, once it has one. */
MUST_USE enum err admin_form_provider(struct admin_form *form,
	struct provider_row *row, struct provider_secrets *secrets);
MUST_USE enum err admin_form_model(
	struct admin_form *form, const char *kind, struct model_row *row);

/* Whether all models of a provider can be spoken to by *kind*: ERR_INVALID with
 * field "kind", naming the first that cannot. */
MUST_USE enum err admin_form_kind(struct admin_form *form, const char *kind,
	uint64_t provider_id, const struct model_list *models);

/* A new row, before anything is said of it. */
struct provider_row admin_form_new_provider(uint64_t id);
struct model_row admin_form_new_model(uint64_t id);

/* What a change was refused for: a code and a sentence. */
const char *admin_form_code(enum refusal why);
const char *admin_form_sentence(enum refusal why);

/* ---- for these two files */

enum err admin_form_bad(struct admin_form *form, const char *format, ...)
	PRINTF_LIKE(2, 3);

/* How a member is read: form->field is its name. */
struct admin_member {
	const char *key;
	enum err (*read)(
		struct admin_form *form, const struct json *value, void *arg);
};
MUST_USE enum err admin_form_read(struct admin_form *form,
	const struct admin_member *members, size_t n, void *arg);

/* A line that is seen, of 1 to *max* characters. */
MUST_USE enum err admin_form_line(struct admin_form *form,
	const struct json *value, size_t max, const char **out);
MUST_USE enum err
admin_form_bool(struct admin_form *form, const struct json *value, bool *out);
/* *otherwise* for null. */
struct admin_range {
	int64_t min, max, otherwise;
	bool required; /* null is refused */
};
MUST_USE enum err admin_form_int(struct admin_form *form,
	const struct json *value, struct admin_range range, int64_t *out);

/* A value as a text of at most *max* bytes, in the arena. */
MUST_USE enum err admin_form_json(struct admin_form *form,
	const struct json *value, size_t max, struct span *out);

#endif
