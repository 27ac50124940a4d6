/* jwt_claims_test.c: a token's user, issuer, audience and lifetime. */

#include "auth/jwt.h"

#include "../unit.h"
#include "made_token.h"

static const struct jwt_policy policy = { .secret = { KEY, sizeof(KEY) - 1 },
	.issuer = "us",
	.audience = "here",
	.dated = true };

static enum err
check(const char *token)
{
	return made_check(&policy, token, NOW);
}

static void
assert_refused(
	const char *const *list, size_t n, const char *(*make)(const char *))
{
	for (size_t i = 0; i < n; i++)
		if (check(make(list[i])) != ERR_DENIED)
			fail_msg("accepted: %s", list[i]);
}

static const char *
with_claims(const char *claims)
{
	return made_token(HEADER, claims);
}

static void
wrong_claims_are_refused(void **state)
{
#define REST "\"iss\":\"us\",\"aud\":\"here\",\"sub\":\"7\""
#define TIMES "\"iat\":1750000000,\"nbf\":1750000000,\"exp\":1750000900"
	static const char *const claims[] = {
		/* times that are missing, or not whole numbers in range */
		"{" REST "}",
		"{" REST ",\"iat\":1750000000,\"nbf\":1750000000}",
		"{" REST ",\"iat\":1750000000,\"exp\":1750000900}",
		"{" REST ",\"nbf\":1750000000,\"exp\":1750000900}",
		"{" REST ",\"iat\":1750000000,\"nbf\":1750000000,\"exp\":"
		"\"1750000900\"}",
		"{" REST ",\"iat\":1750000000,\"nbf\":1750000000,\"exp\":"
		"1750000900.5}",
		"{" REST ",\"iat\":1750000000,\"nbf\":1750000000,\"exp\":"
		"1.75e12}",
		"{" REST ",\"iat\":1750000000,\"nbf\":1750000000,\"exp\":null}",
		"{" REST ",\"iat\":1750000000,\"nbf\":1750000000,\"exp\":true}",
		"{" REST ",\"iat\":1750000000,\"nbf\":1750000000,\"exp\":-1}",
		"{" REST ",\"iat\":1750000000,\"nbf\":1750000000,\"exp\":"
		"9223372036854775807}",
		"{" REST ",\"iat\":1750000000,\"nbf\":1750000000,\"exp\":"
		"99999999999999999999}",
		"{" REST ",\"iat\":\"1750000000\",\"nbf\":1750000000,\"exp\":"
		"1750000900}",
		"{" REST ",\"iat\":1750000000,\"nbf\":1750000000.1,\"exp\":"
		"1750000900}",
		"{" REST ",\"iat\":1750000000,\"nbf\":1750000000,\"exp\":"
		"9007199254740993}",
		/* not yet valid */
		"{" REST ",\"iat\":1750000000,\"nbf\":1750000031,\"exp\":"
		"1750000900}",
		"{" REST ",\"iat\":1750000031,\"nbf\":1750000000,\"exp\":"
		"1750000900}",
		/* duplicate members */
		"{" REST "," TIMES ",\"exp\":1750000901}",
		"{" REST ",\"sub\":\"8\"," TIMES "}",
		/* another issuer, another audience */
		"{\"aud\":\"here\"," TIMES "}",
		"{\"iss\":\"them\",\"aud\":\"here\"," TIMES "}",
		"{\"iss\":[\"us\"],\"aud\":\"here\"," TIMES "}",
		"{\"iss\":\"us\"," TIMES "}",
		"{\"iss\":\"us\",\"aud\":\"there\"," TIMES "}",
		"{\"iss\":\"us\",\"aud\":\"here \"," TIMES "}",
		"{\"iss\":\"us\",\"aud\":\"her\"," TIMES "}",
		"{\"iss\":\"us\",\"aud\":[]," TIMES "}",
		"{\"iss\":\"us\",\"aud\":[\"there\"]," TIMES "}",
		"{\"iss\":\"us\",\"aud\":{\"here\":\"here\"}," TIMES "}",
		"{\"iss\":\"us\",\"aud\":\"here\\u0000\"," TIMES "}",
		/* payloads that are not objects */
		"[]",
		"null",
		"\"x\"",
		"7",
		"{" REST "," TIMES,
		"{" REST "," TIMES "}}",
	};

	(void)state;
	assert_refused(claims, LENGTH(claims), with_claims);
	assert_int_equal(
		check(with_claims(
			"{\"iss\":\"us\",\"aud\":[\"there\",\"here\"]," TIMES
			"}")),
		OK);
	assert_int_equal(
		check(with_claims(
			"{\"iss\":\"us\",\"aud\":[\"here\",\"there\"]," TIMES
			"}")),
		OK);
}

static void
times_hold_to_the_second(void **state)
{
	const char *token = made_token(HEADER, CLAIMS);

	(void)state;
	assert_int_equal(made_check(&policy, token, NOW + 899), OK);
	assert_int_equal(made_check(&policy, token, NOW + 900), ERR_DENIED);
	assert_int_equal(made_check(&policy, token, NOW + 901), ERR_DENIED);
	assert_int_equal(made_check(&policy, token, NOW - JWT_SKEW_S), OK);
	assert_int_equal(
		made_check(&policy, token, NOW - JWT_SKEW_S - 1), ERR_DENIED);
}

static void
a_site_may_leave_out_what_is_optional(void **state)
{
	struct jwt_policy site = {
		.secret = policy.secret, .issuer = "", .audience = ""
	};
	const char *bare = with_claims("{\"sub\":\"7\",\"exp\":1750000900}");

	(void)state;
	assert_int_equal(made_check(&site, bare, NOW), OK);
	assert_int_equal(
		made_check(&site, made_token(HEADER, CLAIMS), NOW), OK);
	assert_int_equal(made_check(&site, with_claims("{\"sub\":\"7\"}"), NOW),
		ERR_DENIED);
	assert_int_equal(
		made_check(&site,
			with_claims("{\"exp\":1750000900,\"nbf\":\"x\"}"), NOW),
		ERR_DENIED);
	site.issuer = "us";
	assert_int_equal(made_check(&site, bare, NOW), ERR_DENIED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(wrong_claims_are_refused),
		TEST(times_hold_to_the_second),
		TEST(a_site_may_leave_out_what_is_optional),
	};

	return cmocka_run_group_tests(tests, made_setup, NULL);
}
