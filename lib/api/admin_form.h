/*
 * admin_form.h: checks an administrator's description of a provider or a model,
 * the members of a JSON object, and stores it in a row. The page and the
 * command (bin/lamplight) share it, so both accept and report the same. A
 * missing member leaves the row unchanged; an unknown one is refused, except
 * `version`, which the caller handles.
 *
 *	provider  name, kind, baseUrl, key, headers, proxy, enabled
 *	model     providerId, upstreamName, label, contextTokens, takes, options,
 *	          temperature, maxTokens, effort, prices, fallbackId, position,
 *	          enabled, isDefault
 *
 * null removes an optional value. A header with the value "..." keeps its
 * stored value, because secret values are shown in that form.
 */

#ifndef API_ADMIN_FORM_H
#define API_ADMIN_FORM_H

#include "http/request.h"
#include "repo/model.h"
#include "repo/provider_seal.h"
#include "json/json.h"

struct admin_form {
	struct arena *arena;
	const struct json *body; /* must be an object */
	/* out: the refusal, in *arena* */
	const char *field, *detail;
	struct request_about about;
};

/* ERR_INVALID with field and detail. Secrets go into *secrets*, which must
 * contain the previous ones; the caller seals them. *kind* is the kind of the
 * model's provider, once the model has one. */
MUST_USE enum err admin_form_provider(struct admin_form *form,
	struct provider_row *row, struct provider_secrets *secrets);
MUST_USE enum err admin_form_model(
	struct admin_form *form, const char *kind, struct model_row *row);

/* Whether *kind* supports all models of a provider: ERR_INVALID with field
 * "kind", naming the first model that it does not support. */
MUST_USE enum err admin_form_kind(struct admin_form *form, const char *kind,
	uint64_t provider_id, const struct model_list *models);

/* A new row with its defaults. */
struct provider_row admin_form_new_provider(uint64_t id);
struct model_row admin_form_new_model(uint64_t id);

/* Why a change was refused: a code and a sentence. */
const char *admin_form_code(enum refusal why);
const char *admin_form_sentence(enum refusal why);

/* ---- for admin_form*.c */

enum err admin_form_bad(struct admin_form *form, const char *format, ...)
	PRINTF_LIKE(2, 3);

/* How to read a member, whose name is in form->field. */
struct admin_member {
	const char *key;
	enum err (*read)(
		struct admin_form *form, const struct json *value, void *arg);
};
MUST_USE enum err admin_form_read(struct admin_form *form,
	const struct admin_member *members, size_t n, void *arg);

/* Reads a visible line of 1 to *max* characters. */
MUST_USE enum err admin_form_line(struct admin_form *form,
	const struct json *value, size_t max, const char **out);
MUST_USE enum err
admin_form_bool(struct admin_form *form, const struct json *value, bool *out);
/* The range of a number; null means *otherwise*. */
struct admin_range {
	int64_t min, max, otherwise;
	bool required; /* null is refused */
};
MUST_USE enum err admin_form_int(struct admin_form *form,
	const struct json *value, struct admin_range range, int64_t *out);

/* Renders a value as a text of at most *max* bytes, in the arena. */
MUST_USE enum err admin_form_json(struct admin_form *form,
	const struct json *value, size_t max, struct span *out);

#endif
