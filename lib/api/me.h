/*
 * me.h: the handlers of /api/me..., the user's own account. Handlers that hash
 * a password answer from the queue of later.h: 503 if it is full, 429 if this
 * network's share of it is, both with Retry-After. In other cases 429
 * too_many_requests means too many wrong passwords or codes, also with
 * Retry-After.
 *
 * All of them but get, usage and limits: 403 no_password for a user with site
 * tokens. Where *code* is optional, a user with a second factor must send one,
 * which may be a recovery code: 403 code_required, wrong_code. Each code is
 * valid once only, for whatever purpose.
 *
 * While auth.second_factor requires a second factor that the login has not
 * shown: 403 second_factor_required for all but factors, enrol_totp and
 * confirm_totp.
 */

#ifndef API_ME_H
#define API_ME_H

#include "base/err.h"
#include "http/request.h"
#include "http/response.h"

/* GET /api/me -> 200 {id, username, createTime} | 401 */
enum err me_get(struct request *rq, struct response *rs);

/* DELETE /api/me {password, code?} -> 204 | 400 | 403 wrong_password | 429
 * Deletes the account and everything it owns. */
enum err me_delete(struct request *rq, struct response *rs);

/* GET /api/me/usage?days=1..366 -> 200 [{date, messages, inputTokens,
 * outputTokens}], oldest first, without the days (UTC) of no use | 400 */
enum err me_usage(struct request *rq, struct response *rs);

/* GET /api/me/limits -> 200 {rules: [{rule, max, periodSeconds}], budgets:
 * [{rule, max, used, left, refillTime?}]}, the limits of this user;
 * periodSeconds is 0 for limits "at once" */
enum err me_limits(struct request *rq, struct response *rs);

/* POST /api/me/password {password, newPassword, code?} -> 200 {accessToken,
 * expiresIn, user} and a new cookie | 400 (code password_common: attackers try
 * it first, or it is little more than the name) | 403 wrong_password | 429
 * Ends all logins; the answer is a new one for the client. */
enum err me_set_password(struct request *rq, struct response *rs);

/* POST /api/me/logout-all {code?} -> 204 | 429. Ends all logins, including this
 * one. */
enum err me_log_out_everywhere(struct request *rq, struct response *rs);

/* GET /api/me/logins -> 200 [{id, createTime, lastTime, browser, system, agent,
 * current}], newest first, at most 100. lastTime: the last renewal of its
 * token; agent: the User-Agent (cleaned and cut; "" if unknown); browser
 * ("Firefox") and system ("Windows") are null if it contains no known name. */
enum err me_logins(struct request *rq, struct response *rs);

/* DELETE /api/me/logins/:id {code?} -> 204 | 404 | 429. Ends that login
 * everywhere within a second; for the current one no code is needed. */
enum err me_end_login(struct request *rq, struct response *rs);

/* GET /api/me/factors -> 200 {totp, recoveryCodes}: whether logging in requires
 * a code, and how many recovery codes are left. */
enum err me_factors(struct request *rq, struct response *rs);

/* POST /api/me/totp {password} -> 201 {secret, uri} | 403 wrong_password | 409
 * totp_on | 429
 * Returns a secret in base32, and as an otpauth: URI for a QR code. It takes
 * effect with me_confirm_totp(); another request replaces it. */
enum err me_enrol_totp(struct request *rq, struct response *rs);

/* POST /api/me/totp/confirm {code} -> 200 {recoveryCodes: [10 texts]} | 400 |
 * 403 wrong_code | 404 nothing enrolled | 409 totp_on | 429
 * From now on logging in requires a code. The recovery codes are shown only in
 * this answer. */
enum err me_confirm_totp(struct request *rq, struct response *rs);

/* DELETE /api/me/totp {password, code} -> 204 | 400 | 403 wrong_password,
 * wrong_code | 409 totp_off | 429. *code* may be a recovery code. */
enum err me_disable_totp(struct request *rq, struct response *rs);

/* POST /api/me/recovery-codes {password, code} -> 200 {recoveryCodes} | as
 * me_disable_totp(). The previous codes stop working. */
enum err me_renew_codes(struct request *rq, struct response *rs);

#endif
