/*
 * browser.h: what a browser is given, and what it says of itself: the cookies,
 * the page that is asking, its name.
 *
 * The refresh cookie is __Host-lamplight_refresh over https,
 * __Secure-lamplight_refresh below a base path (a __Host- cookie belongs to
 * the whole host), and lamplight_refresh over plain http, where the prefixes
 * are refused. Browsers let nobody else set a cookie of such a name
 * (RFC 6265bis, 4.1.3). The device cookie is named alike.
 */

#ifndef API_BROWSER_H
#define API_BROWSER_H

#include "auth/secret.h"
#include "base/err.h"
#include "http/request.h"
#include "http/response.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether the browser says that one of our own pages, or of a listed origin,
 * is asking; other clients than browsers say nothing. Else ERR_FORBIDDEN
 * (cross_site). */
MUST_USE enum err browser_check_origin(struct request *rq);

/* The refresh token that the browser has, or NULL. Over https a token under
 * the plain name counts only while it is of the time before the prefixes. */
const char *browser_refresh(const struct request *rq);

/* Gives it one for *max_age_s*, or with "" and 0 takes it away. */
void browser_set_refresh(const struct request *rq, struct response *rs,
	const char *token, int64_t max_age_s);

/*
 * The device cookie says that this user has logged in with this browser
 * before: "<user id>.<random>.<keyed hash>", for a year. It lets nobody in;
 * it only keeps others' failures from counting against this browser
 * (failures.h). The name of the device, in the arena, or NULL: it has none for
 * this user.
 */
const char *browser_device(struct request *rq, uint64_t user_id);

/* Gives it one, unless it has one for this user. */
void
browser_set_device(struct request *rq, struct response *rs, uint64_t user_id);

/* User-Agent, cut to *max* bytes, of printable ASCII; in the arena. */
const char *browser_agent(const struct request *rq, size_t max);

/* "Firefox", "Windows" from a User-Agent; NULL: something else. Names for
 * people, good for nothing but to recognize one's own devices. */
const char *browser_name(const char *agent);
const char *browser_system(const char *agent);

#endif
