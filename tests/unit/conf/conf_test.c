/* conf_test.c: settings from file and environment, and invalid ones. */

#include "conftest.h"

#include "base/buf.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
has_defaults(void **state)
{
	struct conftest *f = *state;

	assert_int_equal(conftest_load(f, ""), OK);
	assert_int_equal(f->conf.log_level, LOG_INFO);
	assert_int_equal(f->conf.db.hosts.n, 0);
	assert_int_equal(f->conf.db.port, 3306);
	assert_string_equal(f->conf.db.user, "lamplight");
	assert_false(f->conf.db.tls);
	assert_string_equal(f->conf.http.base_path, "");
	assert_int_equal(f->conf.http.threads, 4);
	assert_int_equal(f->conf.auth.registration, CONF_OFF);
	assert_int_equal(f->conf.auth.cookie_secure, CONF_AUTO);
	assert_string_equal(f->conf.auth.site_claim, "sub");
	assert_string_equal(f->conf.llm.temperature, "");
	assert_int_equal(f->conf.llm.total_timeout_ms, 1800000);
	assert_int_equal(f->conf.chat.on_disconnect, CONF_CONTINUE);
	assert_int_equal(f->conf.chat.streams_max, 10000);
	assert_int_equal(f->conf.worker_lease_ms, 10000);
}

/* What no key sets: a pool that is not there would be used. */
static void
an_earlier_configuration_leaves_nothing(void **state)
{
	struct conftest *f = *state;

	memset(&f->conf, 0xff, sizeof(f->conf));
	assert_int_equal(conftest_load(f, ""), OK);
	assert_null(f->conf.db.pool);
	assert_false(f->conf.db.is_replica);
}

static void
reads_the_file(void **state)
{
	struct conftest *f = *state;

	assert_int_equal(conftest_load(f,
				 "# where the tables are\n"
				 "[db]\r\n"
				 "  host =  db.example  \r\n"
				 "port=3307\n"
				 "password = p=w;#d\n"
				 "tls = required\n"
				 "\n"
				 "; the model\n"
				 "[ llm ]\n"
				 "temperature = 0.7\n"
				 "max_tokens = 512\n"
				 "[chat]\n"
				 "on_disconnect = stop"),
		OK);
	assert_string_equal(f->conf.db.hosts.list[0].name, "db.example");
	assert_int_equal(f->conf.db.port, 3307);
	assert_string_equal(f->conf.db.password, "p=w;#d");
	assert_true(f->conf.db.tls);
	assert_string_equal(f->conf.llm.temperature, "0.7");
	assert_string_equal(f->conf.llm.max_tokens, "512");
	assert_int_equal(f->conf.chat.on_disconnect, CONF_STOP);
}

static void
the_environment_goes_first(void **state)
{
	struct conftest *f = *state;

	setenv("LAMPLIGHT_DB_HOST", "from.env", 1);
	setenv("LAMPLIGHT_LOG_LEVEL", "debug", 1);
	setenv("LAMPLIGHT_SQL_DIR", "/somewhere", 1);
	assert_int_equal(
		conftest_load(f, "[db]\nhost = from.file\nuser = u\n"), OK);
	assert_string_equal(f->conf.db.hosts.list[0].name, "from.env");
	assert_string_equal(f->conf.db.user, "u");
	assert_int_equal(f->conf.log_level, LOG_DEBUG);
}

/* The shipped file shows every key with its default, as a comment. */
static void
the_shipped_file_shows_the_defaults(void **state)
{
	struct conftest *f = *state;
	struct conf shown, *defaults = &f->conf;
	struct buf text = BUF_INIT;
	FILE *stream = fopen("conf/lamplight.conf", "r");
	char line[512];

	assert_non_null(stream);
	while (fgets(line, sizeof(line), stream) != NULL) {
		size_t len = strspn(line + 1, "abcdefghijklmnopqrstuvwxyz_");
		bool hidden = line[0] == '#' && len > 0 &&
			strncmp(line + 1 + len, " =", 2) == 0;

		buf_puts(&text, hidden ? line + 1 : line);
	}
	fclose(stream);
	assert_int_equal(conftest_load(f, buf_str(&text)), OK);
	shown = f->conf;
	assert_int_equal(conftest_load(f, ""), OK);
	assert_int_equal(shown.log_level, defaults->log_level);
	assert_int_equal(shown.db.port, defaults->db.port);
	assert_string_equal(shown.db.user, defaults->db.user);
	assert_string_equal(shown.db.name, defaults->db.name);
	assert_int_equal(shown.http.body_max, defaults->http.body_max);
	assert_int_equal(shown.http.threads, defaults->http.threads);
	assert_string_equal(shown.auth.secret_file, defaults->auth.secret_file);
	assert_int_equal(shown.auth.access_ttl_s, defaults->auth.access_ttl_s);
	assert_int_equal(
		shown.auth.refresh_ttl_s, defaults->auth.refresh_ttl_s);
	assert_int_equal(shown.auth.registration, defaults->auth.registration);
	assert_int_equal(
		shown.auth.cookie_secure, defaults->auth.cookie_secure);
	assert_memory_equal(&shown.llm.retries, &defaults->llm.retries,
		sizeof(shown.llm) - offsetof(struct llm_conf, retries));
	assert_memory_equal(&shown.chat, &defaults->chat, sizeof(shown.chat));
	assert_int_equal(shown.worker_lease_ms, defaults->worker_lease_ms);
	buf_free(&text);
}

/* A cluster can stall for longer than a lease normally lasts. */
static void
several_servers_make_a_lease_longer(void **state)
{
	struct conftest *f = *state;

	assert_int_equal(conftest_load(f, "[db]\nhost = a\n"), OK);
	assert_int_equal(f->conf.worker_lease_ms, 10000);
	assert_int_equal(conftest_load(f, "[db]\nhost = a, b\n"), OK);
	assert_int_equal(f->conf.worker_lease_ms, 30000);
	assert_int_equal(conftest_load(f,
				 "[db]\nhost = a, b\n[worker]\n"
				 "lease_ms = 45000\n"),
		OK);
	assert_int_equal(f->conf.worker_lease_ms, 45000);
}

static void
an_empty_value_counts_as_unset(void **state)
{
	struct conftest *f = *state;

	setenv("LAMPLIGHT_DB_USER", "", 1);
	assert_int_equal(conftest_load(f, "[db]\nuser = u\nport =\n"), OK);
	assert_string_equal(f->conf.db.user, "lamplight");
	assert_int_equal(f->conf.db.port, 3306);
}

static void
refuses_a_file_with_mistakes(void **state)
{
	static const char *const files[] = {
		"[db]\nhots = x\n",
		"[bd]\nhost = x\n",
		"host = x\n",
		"db.host = x\n",
		"[DB]\nhost = x\n",
		"[db]\nHost = x\n",
		"[db]\nhost\n",
		"[db\nhost = x\n",
		"[db]\nhost = x\nhost = y\n",
		"[db]\nport = 0\n",
		"[db]\nport = 65536\n",
		"[db]\nport = 3306x\n",
		"[db]\nport = 0x10\n",
		"[db]\nport = +1\n",
		"[db]\nport = -1\n",
		"[db]\nport = -\n",
		"[db]\nport = 1.0\n",
		"[db]\nport = 99999999999999999999\n",
		"[db]\ntls = yes\n",
		"[db]\ntls = off|required|verify\n",
		"[log]\nlevel = Info\n",
		"[auth]\nregister = auto\n",
		"[llm]\ntemperature = warm\n",
		"[llm]\ntemperature = 2.1\n",
		"[llm]\ntemperature = .5\n",
		"[llm]\ntemperature = 1.\n",
		"[llm]\ntemperature = 00.5\n",
		"[llm]\ntemperature = 0.5.5\n",
		"[llm]\ntemperature = 1e0\n",
		"[llm]\ntemperature = 0x1\n",
		"[llm]\nmax_tokens = 0\n",
		"[http]\nbase_path = chat\n",
		"[http]\nbase_path = /a b\n",
		"[http]\nbase_path = /a//b\n",
		"[http]\nbase_path = /a;b\n",
	};

	for (size_t i = 0; i < LENGTH(files); i++) {
		enum err err = conftest_load(*state, files[i]);

		if (err != ERR_INVALID)
			print_error("accepted: %s\n", files[i]);
		assert_int_equal(err, ERR_INVALID);
	}
}

static void
refuses_variables_with_mistakes(void **state)
{
	static const char *const variables[][2] = {
		{ "LAMPLIGHT_DB_HOTS", "x" },
		{ "LAMPLIGHT_LLM_", "x" },
		{ "LAMPLIGHT_CHAT_DRAIN", "1" },
		{ "LAMPLIGHT_DB_PORT", "no" },
	};

	for (size_t i = 0; i < LENGTH(variables); i++) {
		setenv(variables[i][0], variables[i][1], 1);
		assert_int_equal(conftest_load(*state, ""), ERR_INVALID);
		unsetenv(variables[i][0]);
	}
	assert_int_equal(conftest_load(*state, ""), OK);
}

static void
a_base_path_has_no_slash_at_its_end(void **state)
{
	static const char *const paths[][2] = {
		{ "/", "" },
		{ "/chat", "/chat" },
		{ "/chat/", "/chat" },
		{ "/~me/lamp-light_1.0/", "/~me/lamp-light_1.0" },
	};
	struct conftest *f = *state;

	for (size_t i = 0; i < LENGTH(paths); i++) {
		setenv("LAMPLIGHT_HTTP_BASE_PATH", paths[i][0], 1);
		assert_int_equal(conftest_load(f, ""), OK);
		assert_string_equal(f->conf.http.base_path, paths[i][1]);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		CONFTEST(has_defaults),
		CONFTEST(an_earlier_configuration_leaves_nothing),
		CONFTEST(reads_the_file),
		CONFTEST(the_environment_goes_first),
		CONFTEST(the_shipped_file_shows_the_defaults),
		CONFTEST(several_servers_make_a_lease_longer),
		CONFTEST(an_empty_value_counts_as_unset),
		CONFTEST(refuses_a_file_with_mistakes),
		CONFTEST(refuses_variables_with_mistakes),
		CONFTEST(a_base_path_has_no_slash_at_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
