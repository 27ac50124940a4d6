/*
 * conf.h: the settings of all programs. conf/lamplight.conf documents every
 * key. The environment LAMPLIGHT_<SECTION>_<KEY> overrides the file (INI; its
 * path is in LAMPLIGHT_CONF, else /etc/lamplight/lamplight.conf), which
 * overrides the default in conf.c's table. A key that ends in _file names a
 * file that holds a secret.
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
/* In addition to CONF_OFF and CONF_ON. */
enum conf_register { CONF_INVITE = 2 };
enum conf_second { CONF_OPTIONAL, CONF_REQUIRED };
enum conf_modes { CONF_REFUSE, CONF_WARN };
enum conf_disconnect { CONF_CONTINUE, CONF_STOP };
/* The protocol spoken to the model, and the words of llm.kind, in this order. */
enum conf_kind { CONF_OPENAI, CONF_ANTHROPIC, CONF_GEMINI, CONF_RESPONSES };
#define CONF_KINDS "openai|anthropic|gemini|responses"
enum conf_crash { CONF_MARK, CONF_TAKE_OVER };

struct db_conf {
	struct hosts hosts; /* in order of preference */
	struct hosts read_hosts; /* a replica; may be empty */
	const char *socket, *user, *name;
	const char *password; /* as set, or read from the file */
	const char *password_file;
	int64_t port;
	int64_t tls; /* enum db_tls */
	const char *ca_file;
	int64_t connections;
	int64_t slow_ms; /* 0: never logged */
	struct db_pool *pool; /* set by db_pool_open(), else NULL */
	bool is_replica; /* another server takes the writes */
};

struct http_conf {
	const char *base_path; /* "" or "/chat": no slash at the end */
	const char *site_name;
	const char *privacy_file; /* "" if there is none */
	const char *suggestions; /* JSON, or "" */
	const char *cors_origins; /* separated by blanks; "" for none */
	/* As set, or read from the file; "" if there is none. */
	const char *operator_token;
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
	int64_t unstored_max; /* bytes, summed over all replies */
	int64_t streams_max;
	int64_t tool_steps_max;
	int64_t keep_days; /* 0: kept for ever */
	int64_t keep_pinned; /* enum conf_switch */
	int64_t temporary_hours; /* 0: no temporary chats */
};

/* The tools that run in the server. */
struct tools_conf {
	int64_t time, fetch; /* enum conf_switch */
	const char *fetch_allow; /* host:port, separated by blanks */
	const char *http_file;
	int64_t threads, per_user;
};

/* The upper limits of day_tokens and of a user's other limits. */
#define LIMITS_TOKENS_MAX 1073741824000
#define LIMITS_COUNT_MAX 1073741824

/* The limits of users and networks. */
struct limits_conf {
	struct rule rules[LIMIT_N]; /* LIMIT_NONE is off */
	int64_t unread_user, unread_all; /* bytes */
	int64_t day_messages, day_tokens; /* per user; 0: no limit */
	int64_t stored_mb, sessions; /* per user; 0: no limit */
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
	const char **values; /* see conf_each() */
};

/* Reads all settings; the texts live in *arena*. ERR_INVALID after logging
 * which key is wrong and what it takes. */
MUST_USE enum err conf_load(struct arena *arena, struct conf *out);

/* The path of the file that conf_load() reads; the file may be missing. */
const char *conf_path(void);

/* The value that file and environment give for *key*, "section.name": "" if
 * its default applies, "(set)" for a secret. ERR_NOT_FOUND if there is no such
 * key. */
MUST_USE enum err
conf_given(struct arena *arena, const char *key, const char **out);

/* Calls *each* for every key, "section.name", with its effective value, given
 * or default. For a key that names a file read at start, the value also
 * contains the file's time and size at that moment, so that it changes with the
 * file's content. Values may be secrets. */
void conf_each(const struct conf *conf,
	void (*each)(void *arg, const char *key, const char *value), void *arg);

/* Rejects a value that only the module using it can judge: logs which key is
 * wrong, where the last conf_load() found it (file and line, or variable), and
 * what it takes. Returns ERR_INVALID. *key* is "section.name". */
enum err conf_refuse(const char *key, const char *takes);

/* The secret itself: *value* unless it is empty, else the content of *file*
 * without its final newline, else "". ERR_INVALID if the file cannot be read,
 * or if others may read it (auth.secret_modes). */
MUST_USE enum err conf_secret(struct arena *arena, const char *value,
	const char *file, const char **out);

#endif
