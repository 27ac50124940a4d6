#include "guardtest.h"

#include "api/guard.h"

#include "../unit.h"
#include "apitest.h"
#include "base/clock.h"
#include "repo/login.h"
#include "repo/user.h"

#include <inttypes.h>

struct request *
guardtest_bearing(struct apitest *a, const char *token)
{
	return apitest_request(a,
		arena_printf(
			&a->t->arena, "HTTP_AUTHORIZATION=Bearer %s", token));
}

struct login
guardtest_make_login(struct apitest *a)
{
	int64_t now_ms = clock_wall_ms();
	struct login login = { .id = testdb_id(),
		.user_id = testdb_id(),
		.rotate_ms = now_ms,
		.create_ms = now_ms,
		.expire_ms = now_ms + HOUR_S * 1000,
		.agent = "" };
	struct user user = { .id = login.user_id,
		.username = arena_printf(
			&a->t->arena, "guard.%" PRIu64, login.user_id) };

	login.hash =
		span_of(arena_printf(&a->t->arena, "%032" PRIu64, login.id));
	assert_int_equal(user_insert(a->t->db, &user, now_ms), OK);
	assert_int_equal(login_insert(a->t->db, &login), OK);
	return login;
}

const char *
guardtest_token_of(struct apitest *a, uint64_t user_id, uint64_t login_id)
{
	const char *token;

	assert_int_equal(guard_token(a->app.guard, apitest_request(a, NULL),
				 user_id, login_id, &token),
		OK);
	return token;
}

const char *
guardtest_signed_with(struct apitest *a, struct span secret, const char *claims)
{
	struct jwt_policy policy = a->own;
	const char *token;

	policy.secret = secret;
	assert_int_equal(jwt_sign(&policy, &a->t->arena, claims, &token), OK);
	return token;
}

enum err
guardtest_check(struct apitest *a, const char *token)
{
	return guard_user(a->app.guard, guardtest_bearing(a, token));
}
