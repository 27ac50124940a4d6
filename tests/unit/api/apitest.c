#include "apitest.h"

#include "../unit.h"
#include "api/guard.h"
#include "auth/secret.h"
#include "auth/token.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PARAMS_MAX 4

static int
open_guard(struct apitest *a)
{
	struct auth_conf *conf = &a->app.conf.auth;
	struct secret_ring ring;

	snprintf(a->dir, sizeof(a->dir), "/tmp/apitest.XXXXXX");
	if (mkdtemp(a->dir) == NULL)
		return -1;
	conf->secret_file = arena_printf(&a->app.arena, "%s/secret", a->dir);
	conf->site_secret = SITE_SECRET;
	conf->site_issuer = "https://site.example";
	conf->site_audience = "chat";
	conf->site_typ = "";
	conf->site_max_s = 86400;
	conf->site_claim = "uid";
	a->own = (struct jwt_policy){ .issuer = "", .audience = "" };
	if (guard_open(conf, &a->app.guard) != OK ||
		secret_load(&a->app.arena, conf->secret_file, &ring) != OK)
		return -1;
	a->own.secret = ring.keys[0].secret;
	return 0;
}

int
apitest_open(void **state)
{
	struct apitest *a = calloc(1, sizeof(*a));
	void *t;

	if (testdb_open(&t) != 0)
		return -1;
	a->t = t;
	a->app.conf = a->t->conf;
	a->app.conf.auth.registration = CONF_ON;
	*state = a;
	if (snowflake_open(&a->app.conf, "unit test", &a->app.ids) != OK)
		return -1;
	return open_guard(a);
}

int
apitest_close(void **state)
{
	struct apitest *a = *state;
	void *t = a->t;

	guard_close(a->app.guard);
	snowflake_close(a->app.ids);
	unlink(a->app.conf.auth.secret_file);
	rmdir(a->dir);
	arena_reset(&a->app.arena);
	testdb_close(&t);
	free(a);
	return 0;
}

struct request *
apitest_request(struct apitest *a, const char *param)
{
	struct arena *arena = &a->t->arena;
	struct request *rq = arena_alloc(arena, sizeof(*rq));

	rq->arena = arena;
	rq->method = "POST";
	rq->path = "/";
	rq->query = "";
	rq->app = &a->app;
	rq->db = a->t->db;
	rq->envp = arena_alloc(arena, (PARAMS_MAX + 1) * sizeof(*rq->envp));
	if (param != NULL)
		apitest_param(rq, param);
	return rq;
}

void
apitest_param(struct request *rq, const char *param)
{
	unsigned n = 0;

	while (rq->envp[n] != NULL)
		n++;
	assert_true(n < PARAMS_MAX);
	rq->envp[n] = arena_str(rq->arena, param, strlen(param));
}

struct request *
apitest_from(struct apitest *a, const char *address)
{
	return apitest_request(
		a, arena_printf(&a->t->arena, "REMOTE_ADDR=%s", address));
}

const char *
apitest_address(struct apitest *a)
{
	uint64_t id = testdb_id();

	return arena_printf(&a->t->arena, "fd00:%x:%x:%x::1",
		(unsigned)(id >> 32 & 0xffff), (unsigned)(id >> 16 & 0xffff),
		(unsigned)(id & 0xffff));
}

const char *
apitest_name(struct apitest *a)
{
	return arena_printf(&a->t->arena, "Bob_%" PRIu64, testdb_id());
}

struct span
apitest_hash(struct apitest *a, const char *token)
{
	char hash[TOKEN_HASH_LEN];

	token_hash(span_of(token), hash);
	return arena_span(&a->t->arena, (struct span){ hash, sizeof(hash) });
}

enum err
apitest_open_account(struct request *rq, const char *name, const char *password,
	const char *invite, struct grant *out)
{
	struct registration registration = { name, span_of(password), invite };

	return account_register(rq, &registration, out);
}

struct grant
apitest_sign_up(struct apitest *a, const char *name)
{
	struct grant grant;

	assert_int_equal(apitest_open_account(apitest_from(a, "192.0.2.1"),
				 name, APITEST_PASSWORD, NULL, &grant),
		OK);
	return grant;
}

enum err
apitest_log_in_with(struct request *rq, const char *name, const char *password,
	const char *code, struct grant *out)
{
	struct credentials credentials = { name, span_of(password),
		span_of(code) };
	int64_t wait_ms = 0;
	enum err err = account_login(rq, &credentials, out, &wait_ms);

	if (err == ERR_THROTTLED)
		assert_true(wait_ms > 0);
	return err;
}

enum err
apitest_log_in(struct apitest *a, const char *address, const char *name,
	const char *password)
{
	struct request *rq = apitest_from(a, address);
	struct grant grant;
	enum err err = apitest_log_in_with(rq, name, password, NULL, &grant);

	if (err == ERR_DENIED)
		assert_string_equal(rq->code, "bad_credentials");
	return err;
}
