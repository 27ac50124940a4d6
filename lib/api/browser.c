#include "api/browser.h"

#include "api/app.h"
#include "api/audit.h"
#include "api/guard.h"
#include "auth/mark.h"
#include "auth/token.h"
#include "base/span.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define REFRESH "lamplight_refresh"
#define DEVICE "lamplight_device"
#define DEVICE_CONTEXT "device__"
#define DEVICE_MAX_S (INT64_C(365) * 86400)
#define DEVICE_LEN_MAX 128

/* ---- the requesting page */

/* The host without its port: cookies are shared by all ports of a host, and not
 * every web server passes the port on. */
static struct span
host_name(const char *authority)
{
	const char *bracket = strchr(authority, ']'); /* [::1]:8080 */
	const char *from = bracket != NULL ? bracket : authority;

	return (struct span){ authority,
		(size_t)(from - authority) + strcspn(from, ":") };
}

static bool
same_host(const char *origin, const char *host)
{
	const char *scheme_end = strstr(origin, "://");
	struct span a, b;

	if (scheme_end == NULL || host == NULL)
		return false;
	a = host_name(scheme_end + 3);
	b = host_name(host);
	return a.len == b.len && strncasecmp(a.data, b.data, a.len) == 0;
}

enum err
browser_check_origin(struct request *rq)
{
	const char *site = request_header(rq, "Sec-Fetch-Site");
	const char *origin = request_header(rq, "Origin");
	bool ours;

	if (origin != NULL && app_allows_origin(rq->app, origin))
		return OK;
	if (site != NULL)
		ours = strcmp(site, "same-origin") == 0;
	else
		ours = origin == NULL ||
			same_host(origin, request_header(rq, "Host"));
	if (ours)
		return OK;
	audit(rq, "cross_site", "path=%.40s", rq->path);
	return request_fail(rq, ERR_FORBIDDEN, "cross_site",
		"Only the page itself may request this.");
}

/* ---- cookies */

static bool
is_secure(const struct request *rq)
{
	int64_t setting = rq->app->conf.auth.cookie_secure;
	const char *https = request_param(rq, "HTTPS");

	if (setting != CONF_AUTO)
		return setting == CONF_ON;
	return https != NULL && strcasecmp(https, "on") == 0;
}

static const char *
cookie_prefix(const struct request *rq)
{
	if (!is_secure(rq))
		return "";
	return rq->app->conf.http.base_path[0] == '\0' ? "__Host-"
						       : "__Secure-";
}

static const char *
read_cookie(const struct request *rq, const char *name)
{
	return request_cookie(
		rq, arena_printf(rq->arena, "%s%s", cookie_prefix(rq), name));
}

/* Below a base path, or over plain http, the cookie's path limits it to these
 * routes. */
static void
put_cookie(const struct request *rq, struct response *rs, const char *prefix,
	const char *name, const char *value, int64_t max_age_s)
{
	bool whole_host = strcmp(prefix, "__Host-") == 0;

	response_header(rs, "Set-Cookie",
		"%s%s=%s; Path=%s%s; HttpOnly; SameSite=Strict%s; Max-Age=%lld",
		prefix, name, value,
		whole_host ? "/" : rq->app->conf.http.base_path,
		whole_host ? "" : "/api/auth", is_secure(rq) ? "; Secure" : "",
		(long long)max_age_s);
}

/* Over https, anybody could have set a cookie under the plain name, so it is
 * accepted only for tokens that predate the prefixes. */
static const char *
old_refresh(const struct request *rq)
{
	const char *token = request_cookie(rq, REFRESH);

	if (cookie_prefix(rq)[0] == '\0' || token == NULL ||
		strchr(token, '.') != NULL)
		return NULL;
	return token;
}

const char *
browser_refresh(const struct request *rq)
{
	const char *token = read_cookie(rq, REFRESH);

	return token != NULL ? token : old_refresh(rq);
}

void
browser_set_refresh(const struct request *rq, struct response *rs,
	const char *token, int64_t max_age_s)
{
	put_cookie(rq, rs, cookie_prefix(rq), REFRESH, token, max_age_s);
	if (old_refresh(rq) != NULL)
		put_cookie(rq, rs, "", REFRESH, "", 0);
}

/* ---- devices */

static void
device_hash(struct request *rq, const char *name, char out[TOKEN_LEN + 1])
{
	mark_text(&guard_secrets(rq->app->guard)->keys[0], DEVICE_CONTEXT, name,
		out);
}

/* Returns "<user id>.<random>" of "<user id>.<random>.<keyed hash>". */
const char *
browser_device(struct request *rq, uint64_t user_id)
{
	const char *cookie = read_cookie(rq, DEVICE), *mark;
	char wanted[TOKEN_LEN + 1], *name;
	uint64_t id;

	if (cookie == NULL || user_id == 0 || strlen(cookie) > DEVICE_LEN_MAX ||
		(mark = strrchr(cookie, '.')) == NULL)
		return NULL;
	name = arena_str(rq->arena, cookie, (size_t)(mark - cookie));
	device_hash(rq, name, wanted);
	if (!token_equal(span_of(mark + 1), span_of(wanted)) ||
		id_parse((struct span){ name, strcspn(name, ".") }, &id) !=
			OK ||
		id != user_id)
		return NULL;
	return name;
}

void
browser_set_device(struct request *rq, struct response *rs, uint64_t user_id)
{
	char random[TOKEN_LEN + 1], mark[TOKEN_LEN + 1];
	const char *name;

	if (browser_device(rq, user_id) != NULL)
		return;
	token_new(random);
	name = arena_printf(rq->arena, "%" PRIu64 ".%.22s", user_id, random);
	device_hash(rq, name, mark);
	put_cookie(rq, rs, cookie_prefix(rq), DEVICE,
		arena_printf(rq->arena, "%s.%s", name, mark), DEVICE_MAX_S);
}

/* ---- the browser's name */

const char *
browser_agent(const struct request *rq, size_t max)
{
	const char *header = request_header(rq, "User-Agent");
	char *agent;
	size_t len;

	if (header == NULL)
		return "";
	len = strlen(header);
	agent = arena_str(rq->arena, header, len < max ? len : max);
	for (char *c = agent; *c != '\0'; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return agent;
}

/* The first pair whose text is in *agent*; the order matters, because many
 * browsers also name others. */
static const char *
first_of(const char *const pairs[][2], size_t n, const char *agent)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(agent, pairs[i][0]) != NULL)
			return pairs[i][1];
	return NULL;
}

const char *
browser_name(const char *agent)
{
	static const char *const names[][2] = { { "Edg", "Edge" },
		{ "OPR/", "Opera" }, { "SamsungBrowser/", "Samsung Internet" },
		{ "Vivaldi/", "Vivaldi" }, { "FxiOS/", "Firefox" },
		{ "Firefox/", "Firefox" }, { "CriOS/", "Chrome" },
		{ "Chromium/", "Chromium" }, { "Chrome/", "Chrome" },
		{ "Safari/", "Safari" }, { "curl/", "curl" } };

	return first_of(names, LENGTH(names), agent);
}

const char *
browser_system(const char *agent)
{
	static const char *const names[][2] = { { "Android", "Android" },
		{ "iPhone", "iOS" }, { "iPad", "iPadOS" },
		{ "CrOS", "ChromeOS" }, { "Windows", "Windows" },
		{ "Macintosh", "macOS" }, { "Linux", "Linux" } };

	return first_of(names, LENGTH(names), agent);
}
