/*
 * audit.h: log lines about who was let in, who was refused, and who changed
 * what: level info, event=audit, with the request's id, the client's address,
 * and what=
 *
 *	register, login, login_failed, logout, logout_all, login_ended,
 *	login_stolen, password_changed, password_refused, account_deleted,
 *	factor_on, factor_off, code_asked (the password was right),
 *	code_refused, recovery_code_used,
 *	recovery_codes_made, invite_used, locked_out, site_user,
 *	cross_site (another site's page sent the request),
 *	provider_added, provider_changed, provider_removed, model_added,
 *	model_changed, model_removed, model_tried, account_added, account_changed,
 *	assistant_published, assistant_withdrawn, prompt_published,
 *	prompt_withdrawn, settings_changed (by an administrator; owners also
 *	withdraw)
 *
 * Changes to accounts by the operator's command go to syslog (LOG_AUTHPRIV).
 * The lines never contain a typed name: it may be a password.
 */

#ifndef API_AUDIT_H
#define API_AUDIT_H

#include "base/attr.h"
#include "http/request.h"

/* The client's address according to the web server, or "-". */
const char *audit_address(const struct request *rq);

/* audit(rq, "login", "user=%llu", id) */
void audit(const struct request *rq, const char *what, const char *format, ...)
	PRINTF_LIKE(3, 4);

#endif
