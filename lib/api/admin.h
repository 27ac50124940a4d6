/*
 * admin.h: the handlers of the program admin: providers, models and users, by
 * who administers the site (ADMIN routes). A change says which version it was
 * made from; 409 changed_elsewhere when there is another by now. What the file
 * or the environment give has the id "configured" and is locked.
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
 * lists them, 10,000 at most | 404 | 409 sealed | 502 provider_away, with why |
 * 503 offers_running: it is asked already, in this process */
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
 * version} (llm/trial.h), and takes is filled in | 404 | 409 sealed,
 * changed_elsewhere: while it was tried | 503 trial_running: of another one of
 * its provider, in this process */
enum err admin_test_model(struct request *rq, struct response *rs);

/* GET /api/admin/users?search&after&limit -> 200 {users: [{id, username, role,
 * disabled, createTime, lastTime}], next} by id; next is null at the end */
enum err admin_users(struct request *rq, struct response *rs);
/* POST {username, password, role?} -> 201 user | 400 | 409 username_taken */
enum err admin_add_user(struct request *rq, struct response *rs);
/* PATCH /api/admin/users/:id {role?, disabled?} -> 200 user | 400 | 404 |
 * 409 last_admin: it is the last administrator */
enum err admin_change_user(struct request *rq, struct response *rs);

/* POST /api/admin/users/:id/password {password} -> 204, and all logins of the
 * user have ended | 400 | 404 | 409 own_account, site_user */
enum err admin_set_password(struct request *rq, struct response *rs);

/* GET /api/admin/usage?from&to&by&after&limit -> 200 {rows: [sum]
 * (admin_shape.h), next}: who costs most first, or days in their order; next is
 * null at the end */
enum err admin_usage(struct request *rq, struct response *rs);
/* GET /api/admin/settings -> 200 {version, defaultAssistantId}; version is 0 and
 * the id null before anything was set */
enum err admin_settings(struct request *rq, struct response *rs);
/* PATCH {version, defaultAssistantId} -> 200, the same | 400 |
 * 409 changed_elsewhere, not_published: not everybody sees it */
enum err admin_change_settings(struct request *rq, struct response *rs);

/* ---- for these files */

/* The id in the path; ERR_CONFLICT (locked) for "configured". */
MUST_USE enum err admin_id(struct request *rq, uint64_t *out);

/* The body, for a form that is filled in. */
MUST_USE enum err admin_body(struct request *rq, struct admin_form *out);
/* The version that a change is made from, as the row has it now.
 * ERR_INVALID | ERR_CONFLICT (changed_elsewhere). */
MUST_USE enum err admin_version(struct request *rq, uint32_t now);
/* The same of what has a first version other than 1. */
MUST_USE enum err
admin_version_since(struct request *rq, uint32_t first, uint32_t now);

/* ERR_CONFLICT (sealed). */
enum err admin_sealed(struct request *rq);

/* What a form or a table said, as an answer; passes *err* on. */
enum err
admin_answer(struct request *rq, enum err err, const struct admin_form *form);
enum err admin_refuse(struct request *rq, enum err err, enum refusal why);

#endif
