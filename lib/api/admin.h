/*
 * admin.h: the handlers of the program admin: providers, models and users, for
 * administrators of the site (ADMIN routes). A change names the version on
 * which it is based; 409 changed_elsewhere if there is another one by now. What
 * the file or the environment defines has the id "configured" and is locked.
 */

#ifndef API_ADMIN_H
#define API_ADMIN_H

#include "api/admin_form.h"
#include "http/request.h"
#include "http/response.h"

/* GET /api/admin/providers -> 200 {providers: [provider]} (admin_shape.h) */
enum err admin_providers(struct request *rq, struct response *rs);
/* POST {name, kind, baseUrl?, key?, headers?, proxy?, enabled?}
 * -> 201 provider | 400 | 409 name_taken, too_many, sealed */
enum err admin_add_provider(struct request *rq, struct response *rs);
/* PATCH /api/admin/providers/:id {version, ...} -> 200 provider | 400 | 404 |
 * 409 changed_elsewhere, name_taken, locked, sealed */
enum err admin_change_provider(struct request *rq, struct response *rs);
/* DELETE -> 204 | 404 | 409 in_use, locked */
enum err admin_remove_provider(struct request *rq, struct response *rs);

/* GET /api/admin/providers/:id/offers -> 200 {models: [name]}, as the provider
 * lists them, at most 10,000 | 404 | 409 sealed | 502 provider_away, with the
 * reason | 503 offers_running: this process is already asking it */
enum err admin_offers(struct request *rq, struct response *rs);

/* GET /api/admin/models -> 200 {models: [model]} */
enum err admin_models(struct request *rq, struct response *rs);
/* POST {providerId, upstreamName, ...} -> 201 model | 400 |
 * 409 provider_unknown, fallback_unknown, too_many */
enum err admin_add_model(struct request *rq, struct response *rs);
/* PATCH /api/admin/models/:id {version, ...} -> 200 model | 400 | 404 |
 * 409 changed_elsewhere, provider_unknown, fallback_unknown, locked */
enum err admin_change_model(struct request *rq, struct response *rs);
/* DELETE -> 204 | 404 | 409 locked */
enum err admin_remove_model(struct request *rq, struct response *rs);

/* POST /api/admin/models/:id/test -> 200 {checks: [{name, ok, detail}], takes,
 * version} (llm/trial.h); stores takes | 404 | 409 sealed, changed_elsewhere:
 * changed during the test | 503 trial_running: this process is testing another
 * model of the provider */
enum err admin_test_model(struct request *rq, struct response *rs);

/* GET /api/admin/users?search&after&limit -> 200 {users: [{id, username,
 * role, disabled, createTime, lastTime}], next} by id; next is null on the
 * last page */
enum err admin_users(struct request *rq, struct response *rs);
/* POST {username, password, role?} -> 201 user | 400 | 409 username_taken */
enum err admin_add_user(struct request *rq, struct response *rs);
/* PATCH /api/admin/users/:id {role?, disabled?} -> 200 user | 400 | 404 |
 * 409 last_admin: the user is the last administrator */
enum err admin_change_user(struct request *rq, struct response *rs);

/* POST /api/admin/users/:id/password {password} -> 204, and ends all logins of
 * the user | 400 | 404 | 409 own_account, site_user */
enum err admin_set_password(struct request *rq, struct response *rs);

/* GET /api/admin/usage?from&to&by&after&limit -> 200 {rows: [sum]
 * (admin_shape.h), next}: highest cost first, or days in order; next is null on
 * the last page */
enum err admin_usage(struct request *rq, struct response *rs);
/* GET /api/admin/settings -> 200 {version, defaultAssistantId}; version is 0
 * and the id null until something is set */
enum err admin_settings(struct request *rq, struct response *rs);
/* PATCH {version, defaultAssistantId} -> 200, the same | 400 |
 * 409 changed_elsewhere, not_published: the assistant is not published */
enum err admin_change_settings(struct request *rq, struct response *rs);

/* ---- for the files admin*.c */

/* The id in the path; ERR_CONFLICT (locked) for "configured". */
MUST_USE enum err admin_id(struct request *rq, uint64_t *out);

/* Reads the body into a form, which is then filled in. */
MUST_USE enum err admin_body(struct request *rq, struct admin_form *out);
/* Checks that the body's version, on which the change is based, is the row's
 * current one. ERR_INVALID | ERR_CONFLICT (changed_elsewhere). */
MUST_USE enum err admin_version(struct request *rq, uint32_t now);
/* The same for rows whose first version is not 1. */
MUST_USE enum err
admin_version_since(struct request *rq, uint32_t first, uint32_t now);

/* ERR_CONFLICT (sealed). */
enum err admin_sealed(struct request *rq);

/* Turns the refusal of a form or a table into an answer; returns *err*. */
enum err
admin_answer(struct request *rq, enum err err, const struct admin_form *form);
enum err admin_refuse(struct request *rq, enum err err, enum refusal why);

#endif
