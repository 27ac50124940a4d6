#include "api/second.h"

#include "api/app.h"
#include "api/audit.h"
#include "api/failures.h"
#include "api/guard.h"
#include "api/recovery_codes.h"
#include "auth/seal.h"
#include "auth/totp.h"
#include "base/clock.h"
#include "base/log.h"
#include "repo/login.h"
#include "repo/sealing.h"
#include "repo/user.h"

#include <ctype.h>
#include <inttypes.h>

/* ---- checking a code */

/* Logs the reason for the operator; recovery codes still work, because they are
 * not sealed. */
static enum err
refuse_unusable(struct request *rq, uint64_t user_id)
{
	log_error("factor_unusable",
		"user=%" PRIu64 " reason=\"it was sealed with another secret "
		"file: put that back (auth.secret_file); if it is lost, "
		"lamplight secret accept, and lamplight user no-factor for "
		"whoever asks\"",
		user_id);
	return request_fail(rq, ERR_BUSY, "factor_unusable",
		"Your second factor cannot be checked right now. Log in with a "
		"recovery code, or ask your administrator.");
}

/* Whether the code is valid at this moment. */
static enum err
check_totp(struct request *rq, const struct factor *factor, struct span code,
	uint64_t *step)
{
	struct span secret;

	if (seal_open(guard_secrets(rq->app->guard), rq->arena,
		    factor_about(rq->arena, factor), factor->sealed,
		    &secret) != OK)
		return refuse_unusable(rq, factor->user_id);
	return totp_check(secret, code, clock_wall_ms() / 1000,
		       factor->last_step, step)
		? OK
		: ERR_NOT_FOUND;
}

static enum err
refuse_code(struct request *rq, uint64_t user_id)
{
	audit(rq, "code_refused", "user=%" PRIu64, user_id);
	return request_fail(rq, ERR_DENIED, "otp_wrong",
		"This code is wrong or has already been used.");
}

/* A code of six digits is time-based, any other is a recovery code; the
 * transaction finds out whether that exists. */
static bool
looks_like_totp(struct span code)
{
	for (size_t i = 0; i < code.len; i++)
		if (code.data[i] != ' ' &&
			!isdigit((unsigned char)code.data[i]))
			return false;
	return true;
}

static enum err
check_code(struct request *rq, const struct factor *factor, struct span code,
	struct second *out, int64_t *wait_ms)
{
	struct failures failures;
	enum err err;

	failures_of_code(&failures, rq, factor->user_id);
	out->factor_id = factor->id;
	out->recovery = !looks_like_totp(code);
	TRY(failures_take(&failures, rq, wait_ms));
	if (out->recovery) {
		recovery_codes_hash(
			rq->arena, factor->user_id, code, out->hash);
		return OK;
	}
	err = check_totp(rq, factor, code, &out->step);
	if (err != ERR_NOT_FOUND) {
		TRY(failures_give_back(&failures, rq));
		return err;
	}
	TRY(failures_keep(&failures, rq));
	return refuse_code(rq, factor->user_id);
}

static enum err
ask_for_code(struct request *rq, uint64_t user_id)
{
	audit(rq, "code_asked", "user=%" PRIu64, user_id);
	return request_fail(rq, ERR_DENIED, "otp_required",
		"Enter the code that your second factor shows.");
}

enum err
second_check(struct request *rq, uint64_t user_id, struct span code,
	struct second *out, int64_t *wait_ms)
{
	struct factor factor;
	enum err err = factor_find(rq->db, rq->arena, user_id, &factor);

	*out = (struct second){ .user_id = user_id };
	if (err == ERR_NOT_FOUND || (err == OK && factor.confirm_ms == 0))
		return OK;
	TRY(err);
	if (code.data == NULL)
		return ask_for_code(rq, user_id);
	return check_code(rq, &factor, code, out, wait_ms);
}

/* If no code was required because no factor was in force, that must still
 * hold. */
static enum err
still_none(struct db *db, struct arena *arena, uint64_t user_id)
{
	struct factor factor;
	enum err err = factor_find(db, arena, user_id, &factor);

	if (err == OK && factor.confirm_ms != 0)
		return ERR_DENIED;
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err
second_use(struct db *db, struct arena *arena, const struct second *second)
{
	enum err err;

	if (second->factor_id == 0)
		return still_none(db, arena, second->user_id);
	if (!second->recovery)
		return factor_use(db, second->factor_id, second->step);
	err = recovery_codes_use(db, second->user_id,
		(struct span){ second->hash, TOKEN_HASH_LEN });
	return err == ERR_NOT_FOUND ? ERR_CONFLICT : err;
}

/* A recovery code was counted as an attempt before; a time-based code had
 * seemed valid, and counts as wrong only now. */
static enum err
refuse_used(struct request *rq, const struct second *second,
	const struct failures *failures)
{
	TRY(second->recovery ? failures_keep(failures, rq)
			     : failures_count(failures, rq));
	return refuse_code(rq, second->user_id);
}

enum err
second_answer(struct request *rq, const struct second *second, enum err err)
{
	struct failures failures;

	if (second->factor_id == 0)
		return err == ERR_DENIED ? ask_for_code(rq, second->user_id)
					 : err;
	failures_of_code(&failures, rq, second->user_id);
	if (err == ERR_CONFLICT)
		return refuse_used(rq, second, &failures);
	if (second->recovery && failures_give_back(&failures, rq) != OK &&
		err == OK)
		return ERR_INTERNAL;
	if (err != OK)
		return err;
	if (second->recovery)
		audit(rq, "recovery_code_used", "user=%" PRIu64,
			second->user_id);
	return failures_forget(&failures, rq);
}

/* ---- for the logged-in user */

static enum err
forbid_code(struct request *rq, enum err err)
{
	if (err != ERR_DENIED || rq->code == NULL)
		return err;
	if (strcmp(rq->code, "otp_required") == 0)
		return request_fail(rq, ERR_FORBIDDEN, "code_required",
			"Enter the code that your second factor shows.");
	return request_fail(rq, ERR_FORBIDDEN, "wrong_code",
		"This code is wrong or has already been used.");
}

enum err
second_check_own(struct request *rq, struct span code, struct second *out,
	int64_t *wait_ms)
{
	return forbid_code(
		rq, second_check(rq, rq->user_id, code, out, wait_ms));
}

enum err
second_answer_own(struct request *rq, const struct second *second, enum err err)
{
	return forbid_code(rq, second_answer(rq, second, err));
}

/* ---- on and off */

enum err
second_state(struct request *rq, struct second_state *out)
{
	struct factor factor;
	enum err err = factor_find(rq->db, rq->arena, rq->user_id, &factor);

	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	out->totp = err == OK && factor.confirm_ms != 0;
	return recovery_codes_count(
		rq->db, rq->arena, rq->user_id, &out->recovery_codes);
}

/* A change of the factor by the logged-in user, in one transaction that locks
 * user and login: an ended login changes nothing. */
struct change {
	struct request *rq;
	struct factor factor;
	struct second second;
	struct recovery_codes *codes;
};

static enum err
lock(struct db *db, const struct change *c)
{
	struct user user;
	struct login login;
	enum err err = user_lock(db, c->rq->arena, c->rq->user_id, &user);

	if (err == OK)
		err = login_lock(db, c->rq->arena, c->rq->login_id, &login);
	return err == ERR_NOT_FOUND ? ERR_DENIED : err;
}

static enum err
already_on(struct request *rq)
{
	return request_fail(rq, ERR_CONFLICT, "totp_on",
		"Your account already has this second factor.");
}

static enum err
enrol(struct db *db, void *arg)
{
	struct change *c = arg;

	TRY(lock(db, c));
	return factor_enrol(db, c->rq->arena, &c->factor, clock_wall_ms());
}

/* Refuses to seal under a wrong secret file, with which the factor would be
 * lost. */
static enum err
begin_sealing(struct request *rq)
{
	enum err err =
		sealing_begin(rq->db, rq->arena, guard_secrets(rq->app->guard));

	if (err != ERR_CONFLICT)
		return err;
	log_error("seal_refused", "reason=\"" SEALING_WRONG "\"");
	return request_fail(rq, ERR_BUSY, "factor_refused",
		"A second factor cannot be set up right now. Ask your "
		"administrator.");
}

enum err
second_enrol(struct request *rq, char *text)
{
	struct change c = { .rq = rq, .factor = { .user_id = rq->user_id } };
	char random[TOKEN_LEN + 1], secret[TOKEN_HASH_LEN];
	enum err err;

	TRY(begin_sealing(rq));
	token_new(random);
	token_hash(span_of(random), secret);
	base32((const unsigned char *)secret, TOTP_SECRET_LEN, text);
	c.factor.sealed = seal(guard_secrets(rq->app->guard), rq->arena,
		factor_about(rq->arena, &c.factor),
		(struct span){ secret, TOTP_SECRET_LEN });
	TRY(snowflake_next(rq->app->ids, 0, &c.factor.id));
	err = db_transaction(rq->db, enrol, &c);
	return err == ERR_CONFLICT ? already_on(rq) : err;
}

static enum err
confirm(struct db *db, void *arg)
{
	struct change *c = arg;

	int64_t now_ms = clock_wall_ms();

	TRY(lock(db, c));
	TRY(factor_confirm(db, c->factor.id, c->second.step, now_ms));
	TRY(login_show_second(db, c->rq->login_id, now_ms));
	/* If a second factor is required, logins that have not shown one could
	 * neither continue nor set one up. */
	if (c->rq->app->conf.auth.second_factor != CONF_OPTIONAL)
		TRY(login_delete_unshown(db, c->rq->user_id));
	return recovery_codes_renew(db, c->rq->arena, c->rq->user_id, c->codes);
}

enum err
second_confirm(struct request *rq, struct span code, struct recovery_codes *out,
	int64_t *wait_ms)
{
	struct change c = { .rq = rq, .codes = out };
	enum err err;

	TRY(factor_find(rq->db, rq->arena, rq->user_id, &c.factor));
	if (c.factor.confirm_ms != 0)
		return already_on(rq);
	if (!looks_like_totp(code))
		code = span_of("");
	TRY(forbid_code(
		rq, check_code(rq, &c.factor, code, &c.second, wait_ms)));
	err = db_transaction(rq->db, confirm, &c);
	if (err == ERR_CONFLICT)
		return already_on(rq);
	TRY(err);
	audit(rq, "factor_on", "user=%" PRIu64 " kind=totp", rq->user_id);
	return OK;
}

/* Checks the code of a user with a factor. */
static enum err
check_own(struct request *rq, struct span code, struct second *second,
	int64_t *wait_ms)
{
	TRY(second_check_own(rq, code, second, wait_ms));
	if (second->factor_id == 0)
		return request_fail(rq, ERR_CONFLICT, "totp_off",
			"Your account has no second factor.");
	return OK;
}

static enum err
disable(struct db *db, void *arg)
{
	struct change *c = arg;

	TRY(lock(db, c));
	TRY(second_use(db, c->rq->arena, &c->second));
	TRY(factor_delete_all(db, c->rq->user_id));
	return login_forget_second(db, c->rq->user_id);
}

enum err
second_disable(struct request *rq, struct span code, int64_t *wait_ms)
{
	struct change c = { .rq = rq };
	enum err err;

	TRY(check_own(rq, code, &c.second, wait_ms));
	err = db_transaction(rq->db, disable, &c);
	TRY(second_answer_own(rq, &c.second, err));
	guard_forget(rq->app->guard, rq->login_id);
	audit(rq, "factor_off", "user=%" PRIu64 " kind=totp", rq->user_id);
	return OK;
}

static enum err
renew_codes(struct db *db, void *arg)
{
	struct change *c = arg;

	TRY(lock(db, c));
	TRY(second_use(db, c->rq->arena, &c->second));
	return recovery_codes_renew(db, c->rq->arena, c->rq->user_id, c->codes);
}

enum err
second_renew_codes(struct request *rq, struct span code,
	struct recovery_codes *out, int64_t *wait_ms)
{
	struct change c = { .rq = rq, .codes = out };
	enum err err;

	TRY(check_own(rq, code, &c.second, wait_ms));
	err = db_transaction(rq->db, renew_codes, &c);
	TRY(second_answer_own(rq, &c.second, err));
	audit(rq, "recovery_codes_made", "user=%" PRIu64, rq->user_id);
	return OK;
}
