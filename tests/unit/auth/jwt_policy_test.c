/* jwt_policy_test.c: what a policy requires besides a valid signature, to the
 * exact second and byte. */

#include "../unit.h"
#include "made_token.h"

#include <string.h>

static const char dated[] = "{\"iat\":1750000000,\"exp\":1750000900}";
static const struct jwt_policy any = {
	.secret = { KEY, sizeof(KEY) - 1 }, .issuer = "", .audience = ""
};

static void
a_named_key_is_said_and_no_other_is_taken(void **state)
{
	struct jwt_policy named = any;
	const char *token;

	(void)state;
	named.kid = "k2";
	assert_int_equal(jwt_sign(&named, &made_arena, dated, &token), OK);
	assert_int_equal(made_check(&named, token, NOW), OK);
	named.kid = "k3";
	assert_int_equal(made_check(&named, token, NOW), ERR_DENIED);
	assert_int_equal(made_check(&any, token, NOW), OK);
	assert_int_equal(jwt_sign(&any, &made_arena, dated, &token), OK);
	assert_int_equal(made_check(&named, token, NOW), OK);
}

static void
a_wanted_type_is_there_in_any_case(void **state)
{
	struct jwt_policy typed = any;
	const char *bare = made_token("{\"alg\":\"HS256\"}", dated);
	const char *token =
		made_token("{\"alg\":\"HS256\",\"typ\":\"AT+JWT\"}", dated);

	(void)state;
	typed.typ = "at+jwt";
	assert_int_equal(made_check(&typed, token, NOW), OK);
	for (size_t i = 0; i < strlen(token); i++) {
		char *changed = arena_str(&made_arena, token, strlen(token));

		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		assert_int_equal(made_check(&typed, changed, NOW), ERR_DENIED);
	}
	assert_int_equal(made_check(&typed, bare, NOW), ERR_DENIED);
	assert_int_equal(
		made_check(&typed, made_token(HEADER, dated), NOW), ERR_DENIED);
	typed.typ = "";
	assert_int_equal(made_check(&typed, token, NOW), ERR_DENIED);
	assert_int_equal(made_check(&typed, bare, NOW), OK);
}

static void
a_life_counts_from_its_beginning_or_from_now(void **state)
{
	struct jwt_policy brief = any;
	const char *token = made_token(HEADER, dated);
	const char *bare = made_token(HEADER, "{\"exp\":1750000900}");
	const char *early =
		made_token(HEADER, "{\"iat\":0,\"exp\":1750000900}");
	const char *ahead =
		made_token(HEADER, "{\"iat\":1750000010,\"exp\":1750000905}");

	(void)state;
	brief.life_max_s = 900;
	assert_int_equal(made_check(&brief, token, NOW), OK);
	assert_int_equal(made_check(&brief, token, NOW + 100), OK);
	assert_int_equal(made_check(&brief, bare, NOW), OK);
	assert_int_equal(made_check(&brief, bare, NOW - 1), ERR_DENIED);
	assert_int_equal(made_check(&brief, early, NOW + 100), ERR_DENIED);
	/* A start in the future does not extend the lifetime. */
	assert_int_equal(made_check(&brief, ahead, NOW), ERR_DENIED);
	brief.life_max_s = 899;
	assert_int_equal(made_check(&brief, token, NOW), ERR_DENIED);
	assert_int_equal(made_check(&brief, token, NOW + 100), ERR_DENIED);
}

static void
times_end_where_doubles_do(void **state)
{
	(void)state;
	assert_int_equal(
		made_check(&any,
			made_token(HEADER, "{\"exp\":9007199254740992}"), NOW),
		OK);
	assert_int_equal(
		made_check(&any,
			made_token(HEADER,
				"{\"iat\":0,\"nbf\":0,\"exp\":1750000900}"),
			NOW),
		OK);
	assert_int_equal(
		made_check(&any,
			made_token(HEADER, "{\"iat\":-2,\"exp\":1750000900}"),
			NOW),
		ERR_DENIED);
}

static void
the_longest_token_is_taken(void **state)
{
	size_t room =
		JWT_MAX - strlen(made_token(HEADER, "{\"exp\":1750000900}"));
	char *filler = arena_alloc(&made_arena, room + 1);
	const char *token = NULL;

	(void)state;
	memset(filler, 'x', room);
	/* Base64 text never has a length of 4n + 1; the other lengths are
	 * tested. */
	for (size_t cut = 0; cut < room; cut++) {
		filler[room - cut] = '\0';
		token = made_token(HEADER,
			arena_printf(&made_arena,
				"{\"exp\":1750000900,\"x\":\"%s\"}", filler));
		if (strlen(token) <= JWT_MAX)
			break;
		assert_int_equal(made_check(&any, token, NOW), ERR_DENIED);
	}
	assert_int_equal(strlen(token), JWT_MAX);
	assert_int_equal(made_check(&any, token, NOW), OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_named_key_is_said_and_no_other_is_taken),
		TEST(a_wanted_type_is_there_in_any_case),
		TEST(a_life_counts_from_its_beginning_or_from_now),
		TEST(times_end_where_doubles_do),
		TEST(the_longest_token_is_taken),
	};

	return cmocka_run_group_tests(tests, made_setup, NULL);
}
