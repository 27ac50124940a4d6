/*
 * browser.h: what we exchange with browsers: the cookies, the origin of the
 * requesting page, the browser's name.
 *
 * The refresh cookie is __Host-lamplight_refresh over https,
 * __Secure-lamplight_refresh below a base path (a __Host- cookie applies to the
 * whole host), and lamplight_refresh over plain http, where browsers refuse the
 * prefixes. The prefixes keep everybody else from setting the cookie (RFC
 * 6265bis, 4.1.3). The device cookie is named in the same way.
 */

#ifndef API_BROWSER_H
#define API_BROWSER_H

#include "auth/secret.h"
#include "base/err.h"
#include "http/request.h"
#include "http/response.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether, according to the browser, the requesting page is ours or has a
 * listed origin; clients other than browsers send no such header and pass.
 * Otherwise ERR_FORBIDDEN (cross_site). */
MUST_USE enum err browser_check_origin(struct request *rq);

/* The browser's refresh token, or NULL. Over https, a token under the plain
 * name is accepted only if it predates the prefixes. */
const char *browser_refresh(const struct request *rq);

/* Sets the refresh cookie for *max_age_s*; "" and 0 delete it. */
void browser_set_refresh(const struct request *rq, struct response *rs,
	const char *token, int64_t max_age_s);

/*
 * The device cookie says that this user has logged in with this browser before:
 * "<user id>.<random>.<keyed hash>", valid for a year. It does not log anybody
 * in; it only keeps others' failures from counting against this browser
 * (failures.h). Returns the device's name, in the arena, or NULL if it has none
 * for this user.
 */
const char *browser_device(struct request *rq, uint64_t user_id);

/* Sets the device cookie, unless there is one for this user. */
void
browser_set_device(struct request *rq, struct response *rs, uint64_t user_id);

/* The User-Agent, reduced to printable ASCII and cut to *max* bytes; in the
 * arena. */
const char *browser_agent(const struct request *rq, size_t max);

/* "Firefox", "Windows" from a User-Agent; NULL for anything else. Only meant
 * for people to recognise their own devices. */
const char *browser_name(const char *agent);
const char *browser_system(const char *agent);

#endif
