#include "apitest.h"

#include "../unit.h"
#include "api/guard.h"
#include "auth/secret.h"

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
