/* /api/admin/providers (admin.h). */

#include "api/admin.h"
#include "api/admin_ask.h"
#include "api/admin_call.h"
#include "api/admin_shape.h"
#include "api/app.h"
#include "api/audit.h"
#include "api/guard.h"
#include "base/clock.h"
#include "llm/offers.h"
#include "repo/sealing.h"

#include <inttypes.h>
#include <string.h>

enum err
admin_providers(struct request *rq, struct response *rs)
{
	const struct secret_ring *ring = guard_secrets(rq->app->guard);
	const struct llm_conf *llm = &rq->app->conf.llm;
	struct provider_list all;
	struct json_writer w;
	bool right = sealing_check(rq->db, rq->arena, ring) == OK;

	TRY(provider_list(rq->db, rq->arena, &all));
	w = response_json(rs, 200);
	json_open(&w, '{');
	json_key(&w, "providers");
	json_open(&w, '[');
	if (admin_shape_configured(llm))
		admin_shape_configured_provider(&w, rq->arena, llm);
	for (size_t i = 0; i < all.n; i++)
		admin_shape_provider(&w, rq->arena, ring, right, &all.list[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	return OK;
}

static enum err
reply(struct request *rq, struct response *rs, int status,
	const struct provider_row *row, const char *what)
{
	const struct secret_ring *ring = guard_secrets(rq->app->guard);
	bool right = sealing_check(rq->db, rq->arena, ring) == OK;
	struct json_writer w;

	audit(rq, what, "user=%" PRIu64 " provider=%" PRIu64, rq->user_id,
		row->id);
	w = response_json(rs, status);
	admin_shape_provider(&w, rq->arena, ring, right, row);
	return OK;
}

enum err
admin_sealed(struct request *rq)
{
	const struct secret_ring *ring = guard_secrets(rq->app->guard);

	return sealing_check(rq->db, rq->arena, ring) == OK
		? request_fail(
			  rq, ERR_CONFLICT, "key_lost", PROVIDER_SEAL_LOST ".")
		: request_fail(rq, ERR_CONFLICT, "sealed", SEALING_WRONG ".");
}

/* Whether any header keeps its stored value. */
static bool
keeps_any(const struct json *headers)
{
	const struct json *value;
	struct span name;
	size_t at = 0;

	while (json_next(headers, &at, &name, &value))
		if (span_is(json_text(value), "..."))
			return true;
	return false;
}

/* Secrets must not follow a provider to another address, where the
 * administrator who changes it could read them. */
static enum err
check_address(struct request *rq, const struct json *body, bool moved,
	const struct provider_secrets *had)
{
	const struct json *headers = json_get(body, "headers");

	if (!moved)
		return OK;
	rq->about.rule = "moved";
	if (had->key.data != NULL && json_get(body, "key") == NULL)
		return request_invalid(rq, "key",
			"The address, the proxy or the kind has changed: enter "
			"the key again.");
	if (had->headers.data != NULL &&
		(headers == NULL || keeps_any(headers)))
		return request_invalid(rq, "headers",
			"The address, the proxy or the kind has changed: enter "
			"the values of the headers again.");
	rq->about.rule = NULL;
	return OK;
}

static bool
is_other(const char *before, const char *after)
{
	return before == NULL || after == NULL ? before != after
					       : strcmp(before, after) != 0;
}

/* Whether the secrets would go to somebody else. A proxy can read what goes to
 * an address without TLS, and without an address the kind determines it. */
static bool
is_moved(const struct provider_row *before, const struct provider_row *after)
{
	bool by_proxy = after->proxy != NULL && after->proxy[0] != '\0';

	return is_other(before->base_url, after->base_url) ||
		(by_proxy && is_other(before->proxy, after->proxy)) ||
		(after->base_url[0] == '\0' &&
			is_other(before->kind, after->kind));
}

/* Refuses a kind whose wire sets options of existing models itself. */
static enum err
check_kind(struct request *rq, struct admin_form *form,
	const struct provider_row *row, const char *had)
{
	struct model_list models;

	if (had == NULL || strcmp(had, row->kind) == 0)
		return OK;
	TRY(model_list(rq->db, rq->arena, &models));
	return admin_answer(
		rq, admin_form_kind(form, row->kind, row->id, &models), form);
}

/* If the sealed secrets cannot be opened, the body must contain all of them or
 * none. */
static enum err
check_lost(struct request *rq, const struct json *body,
	const struct provider_row *row, bool *says)
{
	bool key = json_get(body, "key") != NULL;
	bool headers = json_get(body, "headers") != NULL;

	*says = key || headers;
	return !*says || provider_seal_covers(row, key, headers)
		? OK
		: admin_sealed(rq);
}

/* Changes the other members of a row whose secrets cannot be opened; the
 * secrets, and the address they go to, remain. */
static enum err
take_around(struct request *rq, struct admin_form *form,
	struct provider_row *row, const struct provider_row *before)
{
	struct provider_secrets none = { 0 };

	TRY(admin_answer(rq, admin_form_provider(form, row, &none), form));
	TRY(check_kind(rq, form, row, before->kind));
	return is_moved(before, row) ? admin_sealed(rq) : OK;
}

/* Puts the body's members into the row. */
static enum err
take(struct request *rq, struct provider_row *row)
{
	const struct secret_ring *ring = guard_secrets(rq->app->guard);
	const struct provider_row before = *row;
	struct provider_secrets secrets, had;
	struct admin_form form;
	bool says;
	enum err err;

	TRY(admin_body(rq, &form));
	if (provider_open(ring, rq->arena, row, &secrets) != OK) {
		secrets = (struct provider_secrets){ 0 };
		TRY(check_lost(rq, form.body, row, &says));
		if (!says)
			return take_around(rq, &form, row, &before);
	}
	had = secrets;
	TRY(admin_answer(rq, admin_form_provider(&form, row, &secrets), &form));
	TRY(check_kind(rq, &form, row, before.kind));
	TRY(check_address(rq, form.body, is_moved(&before, row), &had));
	if (secrets.key.data != NULL || secrets.headers.data != NULL) {
		err = sealing_begin(rq->db, rq->arena, ring);
		if (err == ERR_CONFLICT)
			return admin_sealed(rq);
		TRY(err);
	}
	provider_seal(ring, rq->arena, &secrets, row);
	return OK;
}

enum err
admin_add_provider(struct request *rq, struct response *rs)
{
	struct provider_row row = admin_form_new_provider(0);
	enum refusal why;
	enum err err;

	TRY(snowflake_next(rq->app->ids, 0, &row.id));
	TRY(take(rq, &row));
	err = provider_add(rq->db, &row, clock_wall_ms(), &why);
	TRY(admin_refuse(rq, err, why));
	row.version = 1;
	return reply(rq, rs, 201, &row, "provider_added");
}

enum err
admin_change_provider(struct request *rq, struct response *rs)
{
	const struct json *body;
	struct provider_row row;
	enum refusal why;
	uint64_t id;
	enum err err;

	TRY(admin_id(rq, &id));
	/* Parse first: admin_version() uses rq->json. */
	TRY(request_json(rq, &body));
	TRY(provider_find(rq->db, rq->arena, id, &row));
	TRY(admin_version(rq, row.version));
	TRY(take(rq, &row));
	err = provider_change(rq->db, &row, clock_wall_ms(), &why);
	TRY(admin_refuse(rq, err, why));
	row.version++;
	return reply(rq, rs, 200, &row, "provider_changed");
}

enum err
admin_remove_provider(struct request *rq, struct response *rs)
{
	enum refusal why;
	uint64_t id;
	enum err err;

	TRY(admin_id(rq, &id));
	err = provider_remove(rq->db, id, 0, &why);
	TRY(admin_refuse(rq, err, why));
	audit(rq, "provider_removed", "user=%" PRIu64 " provider=%" PRIu64,
		rq->user_id, id);
	return response_empty(rs);
}

/* ---- the models that it offers */

/* The provider in the path, which may be the configured one. */
static enum err
find_call(struct request *rq, struct admin_call *out, uint64_t *id)
{
	const struct secret_ring *ring = guard_secrets(rq->app->guard);
	const struct llm_conf *llm = &rq->app->conf.llm;
	struct provider_row row;
	enum err err;

	*id = 0;

	if (span_is(request_path_text(rq, "id"), ADMIN_CONFIGURED)) {
		*out = (struct admin_call){ .conf = *llm };
		return admin_shape_configured(llm) ? OK : ERR_NOT_FOUND;
	}
	TRY(request_id(rq, "id", id));
	TRY(provider_find(rq->db, rq->arena, *id, &row));
	err = admin_call_of(rq->arena, ring, llm, &row, out);
	return err == ERR_CONFLICT ? admin_sealed(rq) : err;
}

static enum err
put_offers(struct request *rq, struct response *rs)
{
	struct llm_offers offers;
	struct admin_call call;
	struct json_writer w;
	uint64_t id;
	enum err err;

	TRY(find_call(rq, &call, &id));
	err = llm_offers(rq->arena, &call.conf, call.headers, &offers);
	if (err == ERR_UPSTREAM)
		return request_fail(rq, err, "provider_away", offers.trouble);
	TRY(err);
	w = response_json(rs, 200);
	json_open(&w, '{');
	json_key(&w, "models");
	json_open(&w, '[');
	for (size_t i = 0; i < offers.n; i++)
		json_put_text(&w, offers.names[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	return OK;
}

static enum err
offers_now(struct request *rq, struct response *rs)
{
	enum err err = put_offers(rq, rs);

	admin_ask_end(rq);
	return err;
}

enum err
admin_offers(struct request *rq, struct response *rs)
{
	struct admin_call call;
	uint64_t id;

	TRY(find_call(rq, &call, &id));
	return admin_ask(rq, rs, ADMIN_OFFERS, id, offers_now);
}
