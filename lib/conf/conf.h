/*
 * conf.h: the settings of all programs. conf/lamplight.conf documents every
 * key. Precedence: environment LAMPLIGHT_<SECTION>_<KEY>, then the file (INI;
 * its path is in LAMPLIGHT_CONF, else /etc/lamplight/lamplight.conf), then the
 * default in conf.c's table. A key ending in _file names a file that holds a
 * secret.
 */

#ifndef CONF_CONF_H
#define CONF_CONF_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/hosts.h"
#include "conf/rule.h"

#include <stdbool.h>
#include <stdint.h>

enum conf_switch { CONF_OFF, CONF_ON, CONF_AUTO };
enum db_tls { DB_TLS_OFF, DB_TLS_REQUIRED, DB_TLS_VERIFY };
enum conf_register { CONF_INVITE = 2 }; /* besides CONF_OFF and CONF_ON */
enum conf_second { CONF_OPTIONAL, CONF_REQUIRED };
enum conf_modes { CONF_REFUSE, CONF_WARN };
enum conf_disconnect { CONF_CONTINUE, CONF_STOP };
/* How the model is spoken to: the words of llm.kind, in this order. */
enum conf_kind { CONF_OPENAI, CONF_ANTHROPIC, CONF_GEMINI, CONF_RESPONSES };
enum conf_crash { CONF_MARK, CONF_TAKE_OVER };

struct db_conf {
	struct hosts hosts; /* in the order in which they are preferred */
	struct hosts read_hosts; /* a replica, or none */
	const char *socket, *user, *name;
	const char *password; /* as given, or from the file */
	const char *password_file;
	int64_t port;
	int64_t tls; /* enum db_tls */
	const char *ca_file;
	int64_t connections;
	int64_t slow_ms; /* 0: never */
	struct db_pool *pool; /* set by db_pool_open(), else NULL */
	bool is_replica; /* another server is there for what it is asked */
};

struct http_conf {
	const char *base_path; /* "" or "/chat": no slash at the end */
	const char *site_name;
	const char *privacy_file; /* "" none */
	const char *suggestions; /* JSON, or "" */
	const char *cors_origins; /* separated by blanks, "" none */
	const char *operator_token; /* as given, or from the file; "" none */
	const char *operator_token_file;
	int64_t body_max, buffer_max; /* bytes */
	int64_t threads;
	int64_t read_timeout_ms;
};

struct auth_conf {
	const char *secret_file;
	int64_t secret_modes; /* enum conf_modes */
	int64_t access_ttl_s, refresh_ttl_s, login_max_s;
	int64_t registration; /* key "register"; enum conf_register */
	int64_t second_factor; /* enum conf_second */
	int64_t cookie_secure; /* enum conf_switch */
	const char *site_secret, *site_secret_file;
	const char *site_issuer, *site_audience, *site_claim, *site_typ;
	int64_t site_max_s;
};

struct llm_conf {
	int64_t kind; /* enum conf_kind */
	const char *base_url, *api_key, *api_key_file, *model;
	const char *system_prompt, *temperature, *max_tokens, *options;
	const char *tools_file, *ca_file, *proxy, *no_proxy;
	int64_t retries;
	int64_t connect_timeout_ms, first_byte_timeout_ms;
	int64_t idle_timeout_ms, total_timeout_ms;
	const char *takes;
	int64_t context_tokens;
	int64_t reply_max, context_max; /* bytes */
	int64_t titles; /* enum conf_switch */
};

struct chat_conf {
	int64_t journal_gap_ms, journal_wait_ms, heartbeat_ms, drain_ms;
	int64_t on_disconnect; /* enum conf_disconnect */
	int64_t on_crash; /* enum conf_crash */
	int64_t follower_max; /* bytes */
	int64_t unstored_max; /* bytes, of all replies */
	int64_t streams_max;
	int64_t tool_steps_max;
	int64_t keep_days; /* 0: for good */
	int64_t keep_pinned; /* enum conf_switch */
	int64_t temporary_hours; /* 0: no temporary chats */
};

/* Tools that run in the server. */
struct tools_conf {
	int64_t time, fetch; /* enum conf_switch */
	const char *fetch_allow; /* host:port, separated by blanks */
	const char *http_file;
	int64_t threads, per_user;
};

/* What day_tokens may be at most, and what the other bounds of a user. */
#define LIMITS_TOKENS_MAX 1073741824000
#define LIMITS_COUNT_MAX 1073741824

/* What users and networks may take. */
struct limits_conf {
	struct rule rules[LIMIT_N]; /* LIMIT_NONE is off */
	int64_t unread_user, unread_all; /* bytes */
	int64_t day_messages, day_tokens; /* of a user; 0: no bound */
	int64_t stored_mb, sessions; /* the same */
};

struct conf {
	int64_t log_level; /* enum log_level */
	struct db_conf db;
	struct http_conf http;
	struct auth_conf auth;
	struct llm_conf llm;
	struct chat_conf chat;
	struct tools_conf tools;
	struct limits_conf limits;
	int64_t worker_lease_ms;
	const char **values; /* for conf_each() */
};

/* Reads all; texts live in *arena*. ERR_INVALID after a logged sentence that
 * names the key and says what it takes. */
MUST_USE enum err conf_load(struct arena *arena, struct conf *out);

/* The file that conf_load() reads; it need not be there. */
const char *conf_path(void);

/* What file and environment give for *key*, "section.name": "" where its default
 * counts, "(set)" for a secret. ERR_NOT_FOUND: there is no such key. */
MUST_USE enum err
conf_given(struct arena *arena, const char *key, const char **out);

/* Every key, "section.name", with what counts for it, given or default; of a
 * file that is read at the start also with its time and size as they were then,
 * which change with its content. Values may be secrets. */
void conf_each(const struct conf *conf,
	void (*each)(void *arg, const char *key, const char *value), void *arg);

/* For values that only their user can judge: says which key is wrong, where
 * it was set by the last conf_load() (file and line, or variable), and what
 * it takes; returns ERR_INVALID. *key* is "section.name". */
enum err conf_refuse(const char *key, const char *takes);

/* The secret itself: *value* unless empty, else the content of *file* without
 * the newline at its end, else "". ERR_INVALID when the file cannot be read, or
 * others may read it (auth.secret_modes). */
MUST_USE enum err conf_secret(struct arena *arena, const char *value,
	const char *file, const char **out);

#endif
