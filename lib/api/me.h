/*
 * me.h: the handlers of /api/me...: one's own account. Those that hash a
 * password answer from the queue of later.h: 503 when it is full, 429 when
 * this network's part of it is, both with Retry-After. 429 too_many_requests
 * elsewhere: too many wrong passwords or codes, with Retry-After.
 *
 * All of them but get, usage and limits: 403 no_password for a site's own user.
 * Where *code* may be left out, who has a second factor has to send one, which
 * may be a recovery code: 403 code_required, wrong_code. Each is good once,
 * for whatever it was sent.
 *
 * While auth.second_factor demands one that the login has not shown: 403
 * second_factor_required for all but factors, enrol_totp and confirm_totp.
 */

#ifndef API_ME_H
#define API_ME_H

#include "base/err.h"
#include "http/request.h"
#include "http/response.h"

/* GET /api/me -> 200 {id, username, createTime} | 401 */
enum err me_get(struct request *rq, struct response *rs);

/* DELETE /api/me {password, code?} -> 204 | 400 | 403 wrong_password | 429
 * The end of the account and of all that is its. */
enum err me_delete(struct request *rq, struct response *rs);

/* GET /api/me/usage?days=1..366 -> 200 [{date, messages, inputTokens,
 * outputTokens}], days (UTC) without any left out | 400 */
enum err me_usage(struct request *rq, struct response *rs);

/* GET /api/me/limits -> 200 {rules: [{rule, max, periodSeconds}], budgets:
 * [{rule, max, used, left, refillTime?}]}, those of a user that are in force;
 * periodSeconds 0: at once */
enum err me_limits(struct request *rq, struct response *rs);

/* POST /api/me/password {password, newPassword, code?} -> 200 {accessToken,
 * expiresIn, user} and a new cookie | 400 (code password_common: among the
 * first that are tried, or little more than a name) | 403 wrong_password | 429
 * All logins end; the answer is a new one for whoever asked. */
enum err me_set_password(struct request *rq, struct response *rs);

/* POST /api/me/logout-all {code?} -> 204 | 429. All logins end, this one too. */
enum err me_log_out_everywhere(struct request *rq, struct response *rs);

/* GET /api/me/logins -> 200 [{id, createTime, lastTime, browser, system,
 * agent, current}], the newest first, at most 100. lastTime: when its token was
 * renewed last; browser ("Firefox") and system ("Windows") are null when the
 * User-Agent, which is agent (cleaned, cut; "" unknown), says nothing known. */
enum err me_logins(struct request *rq, struct response *rs);

/* DELETE /api/me/logins/:id {code?} -> 204 | 404 | 429. That login ends,
 * everywhere within a second; one's own without a code, too. */
enum err me_end_login(struct request *rq, struct response *rs);

/* GET /api/me/factors -> 200 {totp, recoveryCodes}: whether log-ins need a
 * code, and how many recovery codes are left. */
enum err me_factors(struct request *rq, struct response *rs);

/* POST /api/me/totp {password} -> 201 {secret, uri} | 403 wrong_password |
 * 409 totp_on | 429
 * A secret in base32, and as otpauth: URI for a QR code. It is not in force
 * before me_confirm_totp(); asked again, there is a new one. */
enum err me_enrol_totp(struct request *rq, struct response *rs);

/* POST /api/me/totp/confirm {code} -> 200 {recoveryCodes: [10 texts]} | 400 |
 * 403 wrong_code | 404 nothing enrolled | 409 totp_on | 429
 * From now on log-ins need a code. The recovery codes are shown this once. */
enum err me_confirm_totp(struct request *rq, struct response *rs);

/* DELETE /api/me/totp {password, code} -> 204 | 400 | 403 wrong_password,
 * wrong_code | 409 totp_off | 429. *code* may be a recovery code. */
enum err me_disable_totp(struct request *rq, struct response *rs);

/* POST /api/me/recovery-codes {password, code} -> 200 {recoveryCodes} | as
 * me_disable_totp(). Those of before are good no more. */
enum err me_renew_codes(struct request *rq, struct response *rs);

#endif
