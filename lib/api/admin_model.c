/* /api/admin/models (admin.h). */

#include "api/admin.h"
#include "api/admin_ask.h"
#include "api/admin_call.h"
#include "api/admin_shape.h"
#include "api/app.h"
#include "api/audit.h"
#include "api/guard.h"
#include "base/clock.h"

#include <inttypes.h>

enum err
admin_models(struct request *rq, struct response *rs)
{
	const struct llm_conf *llm = &rq->app->conf.llm;
	struct model_list all;
	struct json_writer w;

	TRY(model_list(rq->db, rq->arena, &all));
	w = response_json(rs, 200);
	json_open(&w, '{');
	json_key(&w, "models");
	json_open(&w, '[');
	if (admin_shape_configured(llm))
		admin_shape_configured_model(&w, llm);
	for (size_t i = 0; i < all.n; i++)
		admin_shape_model(&w, &all.list[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	return OK;
}

static void
audit_model(const struct request *rq, const char *what, uint64_t id)
{
	audit(rq, what, "user=%" PRIu64 " model=%" PRIu64, rq->user_id, id);
}

static enum err
reply(struct request *rq, struct response *rs, int status,
	const struct model_row *row, const char *what)
{
	struct json_writer w;

	audit_model(rq, what, row->id);
	w = response_json(rs, status);
	admin_shape_model(&w, row);
	return OK;
}

/* The provider kind of the model, current or requested. NULL: no such provider;
 * the insert reports it. */
static enum err
kind_of(struct request *rq, const struct json *body,
	const struct model_row *row, const char **kind)
{
	struct provider_row provider;
	uint64_t id;
	enum err err;

	if (id_parse(json_text(json_get(body, "providerId")), &id) != OK)
		id = row->provider_id;
	*kind = NULL;
	err = provider_find(rq->db, rq->arena, id, &provider);
	if (err == OK)
		*kind = provider.kind;
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
take(struct request *rq, struct model_row *row)
{
	struct admin_form form;
	const char *kind;

	TRY(admin_body(rq, &form));
	TRY(kind_of(rq, form.body, row, &kind));
	return admin_answer(rq, admin_form_model(&form, kind, row), &form);
}

enum err
admin_add_model(struct request *rq, struct response *rs)
{
	struct model_row row = admin_form_new_model(0);
	enum refusal why;
	enum err err;

	TRY(snowflake_next(rq->app->ids, 0, &row.id));
	TRY(take(rq, &row));
	err = model_add(rq->db, &row, clock_wall_ms(), &why);
	TRY(admin_refuse(rq, err, why));
	row.version = 1;
	return reply(rq, rs, 201, &row, "model_added");
}

enum err
admin_change_model(struct request *rq, struct response *rs)
{
	const struct json *body;
	struct model_row row;
	enum refusal why;
	uint64_t id;
	enum err err;

	TRY(admin_id(rq, &id));
	/* Parse first: admin_version() uses rq->json. */
	TRY(request_json(rq, &body));
	TRY(model_find(rq->db, rq->arena, id, &row));
	TRY(admin_version(rq, row.version));
	TRY(take(rq, &row));
	err = model_change(rq->db, &row, clock_wall_ms(), &why);
	TRY(admin_refuse(rq, err, why));
	row.version++;
	return reply(rq, rs, 200, &row, "model_changed");
}

enum err
admin_remove_model(struct request *rq, struct response *rs)
{
	enum refusal why;
	uint64_t id;
	enum err err;

	TRY(admin_id(rq, &id));
	err = model_remove(rq->db, id, 0, &why);
	TRY(admin_refuse(rq, err, why));
	audit_model(rq, "model_removed", id);
	return response_empty(rs);
}

/* ---- trials */

static enum err
put_trial(struct request *rq, struct response *rs, struct admin_call *call,
	struct model_row *row)
{
	struct llm_trial trial;
	enum refusal why = REFUSED_NOT;
	struct json_writer w;
	enum err err;

	TRY(llm_trial(rq->arena, &call->conf, call->headers, &trial));
	if (row->id != 0) {
		err = admin_call_keep(
			rq->db, rq->arena, call, &trial, row, &why);
		TRY(admin_refuse(rq, err, why));
	}
	audit_model(rq, "model_tried", row->id);
	w = response_json(rs, 200);
	admin_call_put(&w, &trial, row->takes, row->version);
	return OK;
}

/* Tries the configured model; stores nothing, because it has no row. */
static enum err
try_configured(struct request *rq, struct response *rs)
{
	const struct llm_conf *llm = &rq->app->conf.llm;
	struct model_row row = { .takes = span_of(llm->takes) };
	struct admin_call call = { .conf = *llm };

	return admin_shape_configured(llm) ? put_trial(rq, rs, &call, &row)
					   : ERR_NOT_FOUND;
}

static enum err
test_one(struct request *rq, struct response *rs)
{
	const struct secret_ring *ring = guard_secrets(rq->app->guard);
	struct provider_row provider;
	struct admin_call call;
	struct model_row row;
	uint64_t id;

	if (span_is(request_path_text(rq, "id"), ADMIN_CONFIGURED))
		return try_configured(rq, rs);
	TRY(request_id(rq, "id", &id));
	TRY(model_find(rq->db, rq->arena, id, &row));
	TRY(provider_find(rq->db, rq->arena, row.provider_id, &provider));
	if (admin_call_of_model(rq->arena, ring, &rq->app->conf.llm, &provider,
		    &row, &call) != OK)
		return admin_sealed(rq);
	return put_trial(rq, rs, &call, &row);
}

static enum err
test_now(struct request *rq, struct response *rs)
{
	enum err err = test_one(rq, rs);

	admin_ask_end(rq);
	return err;
}

/* One trial at a time per provider: a trial takes up to a minute, and a second
 * one would wait until the web server gives up. Reads only the provider here:
 * test_one() reads the row again, because it may change until then. */
enum err
admin_test_model(struct request *rq, struct response *rs)
{
	struct model_row row = { .provider_id = 0 };
	uint64_t id;

	if (!span_is(request_path_text(rq, "id"), ADMIN_CONFIGURED)) {
		TRY(request_id(rq, "id", &id));
		TRY(model_find(rq->db, rq->arena, id, &row));
	}
	return admin_ask(rq, rs, ADMIN_TRIAL, row.provider_id, test_now);
}
