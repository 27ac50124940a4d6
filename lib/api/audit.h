/*
 * audit.h: the lines of the log that say who was let in, who was not, and what
 * changed that: level info, event=audit, with the request's id, the client's
 * address, and what=
 *
 *	register, login, login_failed, logout, logout_all, login_ended,
 *	login_stolen, password_changed, password_refused, account_deleted,
 *	factor_on, factor_off, code_asked (the password was right),
 *	code_refused, recovery_code_used,
 *	recovery_codes_made, invite_used, locked_out, site_user,
 *	cross_site (another site's page asked),
 *	provider_added, provider_changed, provider_removed, model_added,
 *	model_changed, model_removed, model_tried, account_added, account_changed,
 *	assistant_published, assistant_withdrawn, prompt_published,
 *	prompt_withdrawn, settings_changed (by an administrator; what is
 *	withdrawn by its owner, too)
 *
 * What the operator's command does to accounts goes to syslog (LOG_AUTHPRIV).
 * No name that somebody typed is ever in them: it may be a password.
 */

#ifndef API_AUDIT_H
#define API_AUDIT_H

#include "base/attr.h"
#include "http/request.h"

/* The client's address as the web server gives it, "-" without one. */
const char *audit_address(const struct request *rq);

/* audit(rq, "login", "user=%llu", id) */
void audit(const struct request *rq, const char *what, const char *format, ...)
	PRINTF_LIKE(3, 4);

#endif
