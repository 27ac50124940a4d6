#include "base/conf.h"

#include "base/file.h"
#include "base/ini.h"
#include "base/log.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define DEFAULT_PATH "/etc/lamplight/lamplight.conf"
#define ENV_PREFIX "LAMPLIGHT_"
#define FILE_MAX ((size_t)1 << 20)

#define SECOND_MS INT64_C(1000)
#define DAY_MS (86400 * SECOND_MS)
#define YEAR_S (INT64_C(366) * 86400)
#define KIB INT64_C(1024)
#define MIB (KIB * KIB)
/* In JSON a byte takes six at most: a reply must fit the database's packet
 * and MEDIUMTEXT, both 16 MiB. */
#define REPLY_MAX (5 * MIB / 2)
#define GIB (KIB * KIB * KIB)

enum kind {
	KIND_TEXT,
	KIND_NUMBER, /* whole, from min to max */
	KIND_FIGURE, /* a number from min to max, kept as text; may be empty */
	KIND_WORD, /* one of *words*, kept as its index */
	KIND_RULE, /* a struct rule */
};

struct key {
	const char *section, *name;
	enum kind kind;
	size_t offset; /* in struct conf: const char * or int64_t */
	const char *otherwise;
	int64_t min, max;
	const char *words; /* of a number: its unit */
};

#define AT(member) offsetof(struct conf, member)
#define TEXT(member, otherwise) KIND_TEXT, AT(member), otherwise, 0, 0, ""
#define NUMBER(member, otherwise, min, max, unit) \
	KIND_NUMBER, AT(member), otherwise, min, max, unit
#define FIGURE(member, min, max) KIND_FIGURE, AT(member), "", min, max, ""
#define RULE(limit, otherwise) \
	KIND_RULE, AT(limits.rules[limit]), otherwise, 0, 0, ""
#define WORD(member, otherwise, words) \
	KIND_WORD, AT(member), otherwise, 0, 0, words

static const struct key keys[] = {
	{ "log", "level", WORD(log_level, "info", "debug|info|warn|error") },

	{ "db", "host", TEXT(db.host, "") },
	{ "db", "port", NUMBER(db.port, "3306", 1, 65535, "") },
	{ "db", "socket", TEXT(db.socket, "") },
	{ "db", "user", TEXT(db.user, "lamplight") },
	{ "db", "password", TEXT(db.password, "") },
	{ "db", "password_file", TEXT(db.password_file, "") },
	{ "db", "name", TEXT(db.name, "lamplight") },
	{ "db", "tls", WORD(db.tls, "off", "off|required|verify") },
	{ "db", "ca_file", TEXT(db.ca_file, "") },
	{ "db", "connections", NUMBER(db.connections, "4", 1, 256, "") },

	{ "http", "base_path", TEXT(http.base_path, "/") },
	{ "http", "site_name", TEXT(http.site_name, "Lamplight") },
	{ "http", "privacy_file", TEXT(http.privacy_file, "") },
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
	{ "chat", "drain_ms", NUMBER(chat.drain_ms, "30000", 0, DAY_MS, "ms") },
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
		NUMBER(limits.day_messages, "0", 0, GIB, "") },
	{ "limits", "day_tokens",
		NUMBER(limits.day_tokens, "0", 0, 1000 * GIB, "") },
	{ "limits", "stored_mb",
		NUMBER(limits.stored_mb, "2048", 0, GIB, "MB") },
	{ "limits", "sessions", NUMBER(limits.sessions, "20000", 0, GIB, "") },
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

/* What was given for each key, NULL for nothing, and where. */
struct given {
	const char *text[LENGTH(keys)];
	const char *at[LENGTH(keys)];
	const char *path; /* of the file, and the first secret in it, or NULL */
	const char *secret_at;
};

/* Where each key was set. Written once, at start; the programs' other state
 * hangs from struct app, but a mistake is told by those who never see it. */
#define PLACE_LEN 256
static char places[LENGTH(keys)][PLACE_LEN];
static int64_t secret_modes; /* likewise */

static void
keep_places(const struct given *given)
{
	for (size_t i = 0; i < LENGTH(keys); i++)
		snprintf(places[i], PLACE_LEN, "%s",
			given->at[i] != NULL ? given->at[i] : "");
}

enum err
conf_refuse(const char *key, const char *takes)
{
	const char *at = "";

	for (size_t i = 0; i < LENGTH(keys); i++) {
		size_t len = strlen(keys[i].section);

		if (strncmp(key, keys[i].section, len) == 0 &&
			key[len] == '.' &&
			strcmp(key + len + 1, keys[i].name) == 0)
			at = places[i];
	}
	log_error("conf_invalid", "key=%s at=\"%s\" takes=\"%s\"", key, at,
		takes);
	return ERR_INVALID;
}

/* ---- values */

static bool
whole_number(const char *text, int64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)text[text[0] == '-']))
		return false;
	errno = 0;
	*out = strtoll(text, &end, 10);
	return *end == '\0' && errno == 0;
}

/* As JSON spells it, because that is where it goes: no "+1", ".5", "1." or
 * "01", which strtod() takes. */
static bool
figure(const char *text, double *out)
{
	size_t len = strspn(text, "0123456789.");
	char *end;

	if (len == 0 || text[0] == '.' || text[len - 1] == '.' ||
		(text[0] == '0' && isdigit((unsigned char)text[1])))
		return false;
	*out = strtod(text, &end);
	return text[len] == '\0' && *end == '\0';
}

/* The place of *word* in "first|second|third", or -1. */
static int64_t
word_index(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (int64_t i = 0;; i++) {
		size_t n = strcspn(words, "|");

		if (n == len && memcmp(words, word, n) == 0)
			return i;
		if (words[n] == '\0')
			return -1;
		words += n + 1;
	}
}

static enum err
refuse_value(const struct key *key, const char *at)
{
	if (key->kind == KIND_WORD)
		log_error("conf_invalid", "key=%s.%s at=\"%s\" takes=\"%s\"",
			key->section, key->name, at, key->words);
	else if (key->kind == KIND_RULE)
		log_error("conf_invalid",
			"key=%s.%s at=\"%s\" takes=\"off, or clauses like "
			"user 30/min, network 10/h, all 4 at once\"",
			key->section, key->name, at);
	else
		log_error("conf_invalid",
			"key=%s.%s at=\"%s\" takes=\"a number from %" PRId64
			" to %" PRId64 "%s%s\"",
			key->section, key->name, at, key->min, key->max,
			key->words[0] != '\0' ? " " : "", key->words);
	return ERR_INVALID;
}

static enum err
set_value(struct conf *conf, const struct key *key, const char *text,
	const char *at)
{
	char *member = (char *)conf + key->offset;
	struct rule rule = { 0 };
	int64_t number = 0;
	double value;
	bool fits = true;

	if (key->kind == KIND_RULE)
		fits = rule_parse(text, &rule);
	else if (key->kind == KIND_NUMBER)
		fits = whole_number(text, &number) && number >= key->min &&
			number <= key->max;
	else if (key->kind == KIND_WORD)
		fits = (number = word_index(key->words, text)) >= 0;
	else if (key->kind == KIND_FIGURE && text[0] != '\0')
		fits = figure(text, &value) && value >= (double)key->min &&
			value <= (double)key->max;
	if (!fits)
		return refuse_value(key, at);
	if (key->kind == KIND_NUMBER || key->kind == KIND_WORD)
		memcpy(member, &number, sizeof(number));
	else if (key->kind == KIND_RULE)
		memcpy(member, &rule, sizeof(rule));
	else
		memcpy(member, &text, sizeof(text));
	return OK;
}

/* An empty value is the same as none. */
static enum err
set_all(struct conf *conf, const struct given *given)
{
	for (size_t i = 0; i < LENGTH(keys); i++) {
		const char *text = given->text[i];

		if (text == NULL || text[0] == '\0')
			text = keys[i].otherwise;
		TRY(set_value(conf, &keys[i], text, given->at[i]));
	}
	return OK;
}

/* "/" to "", "/chat/" to "/chat"; it goes into cookies and addresses as it is. */
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

/* ---- the file */

struct file_reader {
	struct arena *arena;
	const char *path;
	struct given *given;
};

static enum err
refuse(const char *at, const char *reason)
{
	log_error("conf_invalid", "at=\"%s\" reason=\"%s\"", at, reason);
	return ERR_INVALID;
}

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

/* A key is a secret when it may come from a file of its own. */
static bool
is_secret(const struct key *key)
{
	size_t len = strlen(key->name);

	for (size_t i = 0; i < LENGTH(keys); i++)
		if (strcmp(keys[i].section, key->section) == 0 &&
			strncmp(keys[i].name, key->name, len) == 0 &&
			strcmp(keys[i].name + len, "_file") == 0)
			return true;
	return false;
}

static enum err
take_entry(const struct ini_entry *entry, void *arg)
{
	struct file_reader *reader = arg;
	struct given *given = reader->given;
	const char *at = arena_printf(reader->arena, "%s:%d: %s.%s",
		reader->path, entry->line, entry->section, entry->key);

	for (size_t i = 0; i < LENGTH(keys); i++) {
		if (strcmp(keys[i].section, entry->section) != 0 ||
			strcmp(keys[i].name, entry->key) != 0)
			continue;
		if (given->text[i] != NULL)
			return refuse(at, "this key was set before");
		given->text[i] = entry->value;
		given->at[i] = at;
		if (is_secret(&keys[i]) && entry->value[0] != '\0' &&
			given->secret_at == NULL)
			given->secret_at = at;
		return OK;
	}
	return refuse(at, "there is no such key");
}

static enum err
take_file(struct arena *arena, struct given *given)
{
	const char *named = getenv(ENV_PREFIX "CONF");
	bool is_named = named != NULL && named[0] != '\0';
	const char *path = is_named ? named : DEFAULT_PATH;
	struct file_reader reader = { arena, path, given };
	struct span text;
	enum err err;

	given->path = path;
	err = file_read(arena, path, FILE_MAX, &text);
	if (err == ERR_NOT_FOUND)
		return is_named ? refuse(path, "there is no such file") : OK;
	if (err != OK)
		return ERR_INVALID;
	return ini_each(arena, path, text, take_entry, &reader);
}

/* ---- the environment, which goes before the file */

/* Whether "DB_PASSWORD" is of the section "db". */
static bool
in_section(const char *variable, const char *section)
{
	size_t len = strlen(section);

	return strncasecmp(variable, section, len) == 0 && variable[len] == '_';
}

/* LAMPLIGHT_CONF and others of no section are somebody else's. */
static enum err
take_variable(struct given *given, char *variable, char *text, char *at)
{
	bool of_a_section = false;

	for (size_t i = 0; i < LENGTH(keys); i++) {
		if (!in_section(variable, keys[i].section))
			continue;
		of_a_section = true;
		if (strcasecmp(variable + strlen(keys[i].section) + 1,
			    keys[i].name) != 0)
			continue;
		given->text[i] = text;
		given->at[i] = at;
		return OK;
	}
	return of_a_section ? refuse(at, "there is no key for this variable")
			    : OK;
}

static enum err
take_environment(struct arena *arena, struct given *given)
{
	static const size_t prefix_len = sizeof(ENV_PREFIX) - 1;

	for (char **entry = environ; *entry != NULL; entry++) {
		char *name, *text;

		if (strncmp(*entry, ENV_PREFIX, prefix_len) != 0)
			continue;
		name = arena_str(arena, *entry, strlen(*entry));
		text = strchr(name, '=');
		*text++ = '\0';
		TRY(take_variable(given, name + prefix_len, text, name));
	}
	return OK;
}

enum err
conf_load(struct arena *arena, struct conf *out)
{
	struct given given = { 0 };

	TRY(take_file(arena, &given));
	TRY(take_environment(arena, &given));
	keep_places(&given);
	TRY(set_all(out, &given));
	secret_modes = out->auth.secret_modes;
	if (given.secret_at != NULL)
		TRY(check_readers(given.path, given.secret_at));
	TRY(conf_secret(arena, out->db.password, out->db.password_file,
		&out->db.password));
	TRY(conf_secret(arena, out->http.operator_token,
		out->http.operator_token_file, &out->http.operator_token));
	return set_base_path(arena, &out->http);
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
		return refuse(file, "there is no such file");
	if (err != OK)
		return ERR_INVALID;
	TRY(check_readers(file, "a secret"));
	*out = arena_str(arena, text.data, strcspn(text.data, "\r\n"));
	return OK;
}
