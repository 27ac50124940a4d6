#include "conf/conf.h"

#include "base/file.h"
#include "base/log.h"
#include "base/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The lease must outlast the time for which a cluster can stall: its fence is a
 * row lock, which a node does not replicate to the others (docs/decisions). */
#define CLUSTER_LEASE_MS 30000
#define FILE_MAX ((size_t)1 << 20)

#define SECOND_MS INT64_C(1000)
#define DAY_MS (86400 * SECOND_MS)
#define YEAR_S (INT64_C(366) * 86400)
#define KIB INT64_C(1024)
#define MIB (KIB * KIB)
/* A byte takes at most six bytes in JSON, and a reply must fit both the
 * database's packet and MEDIUMTEXT, each 16 MiB. */
#define REPLY_MAX (5 * MIB / 2)
#define GIB (KIB * KIB * KIB)

#define AT(member) offsetof(struct conf, member)
#define TEXT(member, fallback) \
	SETTINGS_TEXT, AT(member), fallback, 0, 0, "", NULL
#define NUMBER(member, fallback, min, max, unit) \
	SETTINGS_NUMBER, AT(member), fallback, min, max, unit, NULL
#define FIGURE(member, min, max) \
	SETTINGS_FIGURE, AT(member), "", min, max, "", NULL
#define RULE(limit, fallback)                                          \
	SETTINGS_PARSED, AT(limits.rules[limit]), fallback, 0, 0,      \
		"off, or clauses like user 30/min, network 10/h, all " \
		"4 at once",                                           \
		parse_rule
#define PARSED(member, fallback, words, parse) \
	SETTINGS_PARSED, AT(member), fallback, 0, 0, words, parse
#define WORD(member, fallback, words) \
	SETTINGS_WORD, AT(member), fallback, 0, 0, words, NULL

static bool
parse_rule(const char *text, void *out)
{
	return rule_parse(text, out);
}

static bool
parse_hosts(const char *text, void *out)
{
	return hosts_parse(text, out);
}

static bool
parse_host(const char *text, void *out)
{
	return hosts_parse(text, out) && ((struct hosts *)out)->n <= 1;
}

static const struct settings_key keys[] = {
	{ "log", "level", WORD(log_level, "info", "debug|info|warn|error") },

	{ "db", "host",
		PARSED(db.hosts, "",
			"host, host:port or /path/of/a.sock, up to 8 of them, "
			"separated by commas",
			parse_hosts) },
	{ "db", "read_host",
		PARSED(db.read_hosts, "",
			"host, host:port or /path/of/a.sock, one server",
			parse_host) },
	{ "db", "port", NUMBER(db.port, "3306", 1, 65535, "") },
	{ "db", "socket", TEXT(db.socket, "") },
	{ "db", "user", TEXT(db.user, "lamplight") },
	{ "db", "password", TEXT(db.password, "") },
	{ "db", "password_file", TEXT(db.password_file, "") },
	{ "db", "name", TEXT(db.name, "lamplight") },
	{ "db", "tls", WORD(db.tls, "off", "off|required|verify") },
	{ "db", "ca_file", TEXT(db.ca_file, "") },
	{ "db", "slow_ms", NUMBER(db.slow_ms, "1000", 0, DAY_MS, "ms") },
	{ "db", "connections", NUMBER(db.connections, "4", 1, 256, "") },

	{ "http", "base_path", TEXT(http.base_path, "/") },
	{ "http", "site_name", TEXT(http.site_name, "Lamplight") },
	{ "http", "privacy_file", TEXT(http.privacy_file, "") },
	{ "http", "suggestions", TEXT(http.suggestions, "") },
	{ "http", "cors_origins", TEXT(http.cors_origins, "") },
	{ "http", "operator_token", TEXT(http.operator_token, "") },
	{ "http", "operator_token_file", TEXT(http.operator_token_file, "") },
	{ "http", "body_max",
		NUMBER(http.body_max, "33554432", KIB, 128 * MIB, "bytes") },
	{ "http", "buffer_max",
		NUMBER(http.buffer_max, "67108864", MIB, 64 * GIB, "bytes") },
	{ "http", "threads", NUMBER(http.threads, "4", 1, 256, "") },
	{ "http", "read_timeout_ms",
		NUMBER(http.read_timeout_ms, "10000", 10, DAY_MS, "ms") },

	{ "auth", "secret_file",
		TEXT(auth.secret_file, "/var/lib/lamplight/secret") },
	{ "auth", "secret_modes",
		WORD(auth.secret_modes, "refuse", "refuse|warn") },
	{ "auth", "access_ttl_s",
		NUMBER(auth.access_ttl_s, "900", 1, YEAR_S, "s") },
	{ "auth", "refresh_ttl_s",
		NUMBER(auth.refresh_ttl_s, "2592000", 1, 10 * YEAR_S, "s") },
	{ "auth", "login_max_s",
		NUMBER(auth.login_max_s, "7776000", 1, 10 * YEAR_S, "s") },
	{ "auth", "register", WORD(auth.registration, "off", "off|on|invite") },
	{ "auth", "second_factor",
		WORD(auth.second_factor, "optional", "optional|required") },
	{ "auth", "cookie_secure",
		WORD(auth.cookie_secure, "auto", "off|on|auto") },
	{ "auth", "site_secret", TEXT(auth.site_secret, "") },
	{ "auth", "site_secret_file", TEXT(auth.site_secret_file, "") },
	{ "auth", "site_issuer", TEXT(auth.site_issuer, "") },
	{ "auth", "site_audience", TEXT(auth.site_audience, "") },
	{ "auth", "site_claim", TEXT(auth.site_claim, "sub") },
	{ "auth", "site_typ", TEXT(auth.site_typ, "") },
	{ "auth", "site_max_s",
		NUMBER(auth.site_max_s, "86400", 60, YEAR_S, "s") },

	{ "llm", "kind", WORD(llm.kind, "openai", CONF_KINDS) },
	{ "llm", "base_url", TEXT(llm.base_url, "") },
	{ "llm", "api_key", TEXT(llm.api_key, "") },
	{ "llm", "api_key_file", TEXT(llm.api_key_file, "") },
	{ "llm", "model", TEXT(llm.model, "") },
	{ "llm", "system_prompt", TEXT(llm.system_prompt, "") },
	{ "llm", "temperature", FIGURE(llm.temperature, 0, 2) },
	{ "llm", "max_tokens", FIGURE(llm.max_tokens, 1, 100000000) },
	{ "llm", "options", TEXT(llm.options, "") },
	{ "llm", "tools_file", TEXT(llm.tools_file, "") },
	{ "llm", "takes", TEXT(llm.takes, "") },
	{ "llm", "ca_file", TEXT(llm.ca_file, "") },
	{ "llm", "proxy", TEXT(llm.proxy, "") },
	{ "llm", "no_proxy", TEXT(llm.no_proxy, "") },
	{ "llm", "retries", NUMBER(llm.retries, "2", 0, 10, "") },
	{ "llm", "connect_timeout_ms",
		NUMBER(llm.connect_timeout_ms, "10000", 1, DAY_MS, "ms") },
	{ "llm", "first_byte_timeout_ms",
		NUMBER(llm.first_byte_timeout_ms, "120000", 1, DAY_MS, "ms") },
	{ "llm", "idle_timeout_ms",
		NUMBER(llm.idle_timeout_ms, "60000", 1, DAY_MS, "ms") },
	{ "llm", "total_timeout_ms",
		NUMBER(llm.total_timeout_ms, "1800000", 1, DAY_MS, "ms") },
	{ "llm", "reply_max",
		NUMBER(llm.reply_max, "2097152", KIB, REPLY_MAX, "bytes") },
	{ "llm", "context_tokens",
		NUMBER(llm.context_tokens, "32768", 512, 100000000, "tokens") },
	{ "llm", "context_max",
		NUMBER(llm.context_max, "16777216", KIB, GIB, "bytes") },
	{ "llm", "titles", WORD(llm.titles, "on", "off|on") },

	{ "chat", "journal_gap_ms",
		NUMBER(chat.journal_gap_ms, "25", 0, SECOND_MS, "ms") },
	{ "chat", "journal_wait_ms",
		NUMBER(chat.journal_wait_ms, "2000", 0, DAY_MS, "ms") },
	{ "chat", "heartbeat_ms",
		NUMBER(chat.heartbeat_ms, "15000", 10, DAY_MS, "ms") },
	{ "chat", "keep_days", NUMBER(chat.keep_days, "0", 0, 36500, "days") },
	{ "chat", "keep_pinned", WORD(chat.keep_pinned, "on", "off|on") },
	{ "chat", "temporary_hours",
		NUMBER(chat.temporary_hours, "24", 0, 8760, "hours") },
	{ "chat", "drain_ms",
		NUMBER(chat.drain_ms, "1800000", 0, DAY_MS, "ms") },
	{ "chat", "on_disconnect",
		WORD(chat.on_disconnect, "continue", "continue|stop") },
	{ "chat", "on_crash", WORD(chat.on_crash, "mark", "mark|continue") },
	{ "chat", "follower_max",
		NUMBER(chat.follower_max, "4194304", KIB, GIB, "bytes") },
	{ "chat", "unstored_max",
		NUMBER(chat.unstored_max, "67108864", MIB, GIB, "bytes") },
	{ "chat", "streams_max",
		NUMBER(chat.streams_max, "10000", 1, 1000000, "") },
	{ "chat", "tool_steps_max",
		NUMBER(chat.tool_steps_max, "5", 1, 100, "") },

	{ "tools", "time", WORD(tools.time, "on", "off|on") },
	{ "tools", "fetch", WORD(tools.fetch, "off", "off|on") },
	{ "tools", "fetch_allow", TEXT(tools.fetch_allow, "") },
	{ "tools", "http_file", TEXT(tools.http_file, "") },
	{ "tools", "threads", NUMBER(tools.threads, "8", 1, 256, "") },
	{ "tools", "per_user", NUMBER(tools.per_user, "4", 1, 256, "") },

	{ "limits", "register",
		RULE(LIMIT_REGISTER, "network 20/h, all 300/h") },
	{ "limits", "login",
		RULE(LIMIT_LOGIN, "network 120/min, all 1200/min") },
	{ "limits", "refresh", RULE(LIMIT_REFRESH, "network 1200/min") },
	{ "limits", "account",
		RULE(LIMIT_ACCOUNT, "user 120/min, network 1200/min") },
	{ "limits", "read",
		RULE(LIMIT_READ, "user 1200/min, network 12000/min") },
	{ "limits", "write",
		RULE(LIMIT_WRITE, "user 600/min, network 6000/min") },
	{ "limits", "search",
		RULE(LIMIT_SEARCH,
			"user 120/min, user 3 at once, network 1200/min") },
	{ "limits", "export",
		RULE(LIMIT_EXPORT, "user 240/min, network 2400/min") },
	{ "limits", "chat",
		RULE(LIMIT_CHAT,
			"user 60/min, user 16 at once, network 1200/min") },
	{ "limits", "follow",
		RULE(LIMIT_FOLLOW,
			"user 240/min, user 32 at once, network 2400/min") },
	{ "limits", "stop", RULE(LIMIT_STOP, "user 240/min") },
	{ "limits", "tools", RULE(LIMIT_TOOLS, "user 240/min") },
	{ "limits", "ready", RULE(LIMIT_READY, "network 300/min") },
	{ "limits", "day_messages",
		NUMBER(limits.day_messages, "0", 0, LIMITS_COUNT_MAX, "") },
	{ "limits", "day_tokens",
		NUMBER(limits.day_tokens, "0", 0, LIMITS_TOKENS_MAX, "") },
	{ "limits", "stored_mb",
		NUMBER(limits.stored_mb, "2048", 0, LIMITS_COUNT_MAX, "MB") },
	{ "limits", "sessions",
		NUMBER(limits.sessions, "20000", 0, LIMITS_COUNT_MAX, "") },
	{ "limits", "unread_user",
		NUMBER(limits.unread_user, "16777216", KIB, GIB, "bytes") },
	{ "limits", "unread_all",
		NUMBER(limits.unread_all, "268435456", KIB, GIB, "bytes") },

	{ "worker", "lease_ms",
		NUMBER(worker_lease_ms, "10000", 500, DAY_MS, "ms") },
};

_Static_assert(CONF_OFF == 0 && CONF_AUTO == 2 && CONF_INVITE == 2 &&
		CONF_CONTINUE == 0 && CONF_MARK == 0 && LOG_DEBUG == 0 &&
		LOG_ERROR == 3 && DB_TLS_VERIFY == 2,
	"words are in the order of their enum");

static const struct settings_table table = { keys, LENGTH(keys), "LAMPLIGHT_",
	"/etc/lamplight/lamplight.conf" };

/* Written once, at start: the code that reads secrets has no struct conf. */
static int64_t secret_modes;

/* Turns "/" into "" and "/chat/" into "/chat"; the path goes into cookies and
 * addresses unchanged. */
static enum err
set_base_path(struct arena *arena, struct http_conf *http)
{
	const char *path = http->base_path;
	size_t len = strlen(path);

	if (path[0] != '/' || strstr(path, "//") != NULL ||
		strspn(path,
			"/abcdefghijklmnopqrstuvwxyz0123456789._~-"
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ") != len) {
		log_error("conf_invalid",
			"key=http.base_path "
			"takes=\"a path that starts with /, of letters, digits "
			"and . _ ~ - /\"");
		return ERR_INVALID;
	}
	if (path[len - 1] == '/')
		len--;
	http->base_path = arena_str(arena, path, len);
	return OK;
}

/* ---- secrets */

static enum err
check_readers(const char *path, const char *what)
{
	const char *exposed = file_exposed(path);

	if (exposed == NULL)
		return OK;
	if (secret_modes == CONF_WARN)
		log_warn("secret_readable",
			"file=\"%s\" detail=\"it holds %s, and %s\"", path,
			what, exposed);
	else
		log_error("secret_readable",
			"file=\"%s\" detail=\"it holds %s, and %s; where that "
			"cannot be, auth.secret_modes = warn\"",
			path, what, exposed);
	return secret_modes == CONF_WARN ? OK : ERR_INVALID;
}

/* ---- all keys, for comparison with those of another process */

/* The certificate authorities are read with each connection, and auth/keyring
 * notices changes of the secret file. */
static bool
is_read_once(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && strcmp(name + len - 5, "_file") == 0 &&
		strcmp(name, "ca_file") != 0 &&
		strcmp(name, "secret_file") != 0;
}

static const char **
take_values(struct arena *arena, const struct settings *settings)
{
	const char **values =
		arena_alloc(arena, LENGTH(keys) * sizeof(*values));
	struct stat st;

	for (size_t i = 0; i < LENGTH(keys); i++) {
		values[i] = settings_text(settings, i);
		if (is_read_once(keys[i].name) && stat(values[i], &st) == 0)
			values[i] = arena_printf(arena, "%s %lld.%09ld %lld",
				values[i], (long long)st.st_mtim.tv_sec,
				st.st_mtim.tv_nsec, (long long)st.st_size);
	}
	return values;
}

void
conf_each(const struct conf *conf,
	void (*each)(void *arg, const char *key, const char *value), void *arg)
{
	char key[64];

	for (size_t i = 0; i < LENGTH(keys); i++) {
		snprintf(key, sizeof(key), "%s.%s", keys[i].section,
			keys[i].name);
		each(arg, key, conf->values[i]);
	}
}

enum err
conf_load(struct arena *arena, struct conf *out)
{
	struct settings settings;

	*out = (struct conf){ 0 };
	TRY(settings_read(arena, &table, &settings));
	TRY(settings_set(&settings, out));
	out->values = take_values(arena, &settings);
	secret_modes = out->auth.secret_modes;
	if (settings.secret_at != NULL)
		TRY(check_readers(settings.path, settings.secret_at));
	TRY(conf_secret(arena, out->db.password, out->db.password_file,
		&out->db.password));
	TRY(conf_secret(arena, out->http.operator_token,
		out->http.operator_token_file, &out->http.operator_token));
	if (out->db.hosts.n > 1)
		out->worker_lease_ms =
			MAX(out->worker_lease_ms, CLUSTER_LEASE_MS);
	return set_base_path(arena, &out->http);
}

const char *
conf_path(void)
{
	const char *named = getenv("LAMPLIGHT_CONF");

	return named != NULL && named[0] != '\0' ? named : table.path;
}

enum err
conf_given(struct arena *arena, const char *key, const char **out)
{
	struct settings settings;

	TRY(settings_read(arena, &table, &settings));
	*out = settings_given(&settings, key);
	return *out != NULL ? OK : ERR_NOT_FOUND;
}

enum err
conf_refuse(const char *key, const char *takes)
{
	return settings_refuse(key, takes);
}

enum err
conf_secret(struct arena *arena, const char *value, const char *file,
	const char **out)
{
	struct span text;
	enum err err;

	*out = value;
	if (value[0] != '\0' || file[0] == '\0')
		return OK;
	err = file_read(arena, file, FILE_MAX, &text);
	if (err == ERR_NOT_FOUND)
		return settings_refuse_at(file, "there is no such file");
	if (err != OK)
		return ERR_INVALID;
	TRY(check_readers(file, "a secret"));
	*out = arena_str(arena, text.data, strcspn(text.data, "\r\n"));
	return OK;
}
