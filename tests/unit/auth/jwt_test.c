/* jwt_test.c: which tokens are accepted. The tests build tokens with
 * libsodium's HMAC, so that both directions are checked against a second
 * implementation. */

#include "auth/jwt.h"

#include "../unit.h"
#include "made_token.h"

#include <string.h>

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
with_header(const char *header)
{
	return made_token(header, CLAIMS);
}

static const char *
with_claims(const char *claims)
{
	return made_token(HEADER, claims);
}

static const char *
as_it_is(const char *token)
{
	return token;
}

/* ---- tests */

static void
our_own_token_holds_and_is_what_others_make(void **state)
{
	const struct json *claims;
	const char *token;

	(void)state;
	assert_int_equal(jwt_sign(&policy, &made_arena, CLAIMS, &token), OK);
	assert_int_equal(
		jwt_check(&policy, &made_arena, span_of(token), NOW, &claims),
		OK);
	assert_string_equal(json_str(json_get(claims, "sub")), "7");
	assert_int_equal(check(made_token(HEADER, CLAIMS)), OK);
}

static void
harmless_headers_pass(void **state)
{
	(void)state;
	assert_int_equal(check(with_header("{\"alg\":\"HS256\"}")), OK);
	assert_int_equal(
		check(with_header("{\"typ\":\"jwt\",\"alg\":\"HS256\"}")), OK);
	assert_int_equal(
		check(with_header("{\"alg\":\"HS256\",\"kid\":\"1\"}")), OK);
}

static void
foreign_algorithms_and_headers_are_refused(void **state)
{
	static const char *const headers[] = {
		"{\"alg\":\"none\",\"typ\":\"JWT\"}",
		"{\"alg\":\"None\",\"typ\":\"JWT\"}",
		"{\"alg\":\"hs256\",\"typ\":\"JWT\"}",
		"{\"alg\":\"HS256 \",\"typ\":\"JWT\"}",
		"{\"alg\":\"HS384\",\"typ\":\"JWT\"}",
		"{\"alg\":\"HS512\",\"typ\":\"JWT\"}",
		"{\"alg\":\"RS256\",\"typ\":\"JWT\"}",
		"{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
		"{\"alg\":\"\",\"typ\":\"JWT\"}",
		"{\"alg\":null}",
		"{\"alg\":1}",
		"{\"alg\":[\"HS256\"]}",
		"{\"typ\":\"JWT\"}",
		"{}",
		"[]",
		"\"HS256\"",
		"{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
		"{\"alg\":\"none\",\"alg\":\"HS256\"}",
		"{\"alg\":\"HS256\",\"\\u0061lg\":\"none\"}",
		"{\"alg\":\"HS256\",\"typ\":\"JWE\"}",
		"{\"alg\":\"HS256\",\"typ\":7}",
		"{\"alg\":\"HS256\",\"kid\":7}",
		"{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
		"{\"alg\":\"HS256\",\"crit\":[]}",
		"{\"alg\":\"HS256\",\"crit\":\"exp\"}",
		"{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}",
		"{\"alg\":\"HS256\",\"jku\":\"https://evil.example/keys\"}",
		"{\"alg\":\"HS256\",\"x5u\":\"https://evil.example/cert\"}",
		"{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}}",
		"{\"alg\":\"HS256\",\"zip\":\"DEF\"}",
		"{\"alg\":\"HS256\",}",
		"{'alg':'HS256'}",
		"{\"alg\":\"HS256\"}x",
		"{\"alg\":\"HS256\"",
		" ",
	};

	(void)state;
	assert_refused(headers, LENGTH(headers), with_header);
}

static void
a_key_id_never_chooses_a_key(void **state)
{
	static const char header[] =
		"{\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}";
	const char *text = arena_printf(&made_arena, "%s.%s",
		made_encode(header, strlen(header)),
		made_encode(CLAIMS, strlen(CLAIMS)));
	const char *forged =
		arena_printf(&made_arena, "%s.%s", text, made_mac(text, ""));

	(void)state;
	assert_int_equal(check(forged), ERR_DENIED);
}

static void
wrong_or_missing_signatures_are_refused(void **state)
{
	const char *good = made_token(HEADER, CLAIMS);
	size_t head_len = (size_t)(strrchr(good, '.') - good);
	const char *head =
		arena_printf(&made_arena, "%.*s", (int)head_len, good);
	const char *other = strrchr(with_claims("{\"exp\":9}"), '.') + 1;

	(void)state;
	assert_int_equal(check(head), ERR_DENIED);
	assert_int_equal(
		check(arena_printf(&made_arena, "%s.", head)), ERR_DENIED);
	assert_int_equal(check(arena_printf(&made_arena, "%s.%s", head, other)),
		ERR_DENIED);
	assert_int_equal(
		check(arena_printf(&made_arena, "%s.%s", head,
			made_mac(head, "another key of some length......"))),
		ERR_DENIED);
	assert_int_equal(check(arena_printf(&made_arena, "%s.%s", head,
				 made_mac(head, ""))),
		ERR_DENIED);
}

static void
every_cut_and_every_changed_character_is_refused(void **state)
{
	const char *good = made_token(HEADER, CLAIMS);
	size_t len = strlen(good);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		char *changed = arena_str(&made_arena, good, len);

		assert_int_equal(
			check(arena_str(&made_arena, good, i)), ERR_DENIED);
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		assert_int_equal(check(changed), ERR_DENIED);
	}
}

/* The last character of 32 encoded bytes has two unused bits. */
static void
a_token_has_exactly_one_spelling(void **state)
{
	const char *good = made_token(HEADER, CLAIMS);
	size_t len = strlen(good);
	char *twin = arena_str(&made_arena, good, len);
	unsigned accepted = 0;

	(void)state;
	for (const char *c = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
			     "xyz0123456789-_+/=";
		*c != '\0'; c++) {
		twin[len - 1] = *c;
		accepted += check(twin) == OK;
	}
	assert_int_equal(accepted, 1);
}

static void
malformed_tokens_are_refused(void **state)
{
	const char *good = made_token(HEADER, CLAIMS);
	const char *padded = made_encode("{\"alg\":\"HS256\" }", 16);
	const char *const forms[] = { "", ".", "..", "...", "a.b", "a.b.c",
		"null", arena_printf(&made_arena, "%s=", good),
		arena_printf(&made_arena, "%s ", good),
		arena_printf(&made_arena, " %s", good),
		arena_printf(&made_arena, "%s\n", good),
		arena_printf(&made_arena, "%s.", good),
		arena_printf(&made_arena, ".%s", good),
		arena_printf(&made_arena, "%s.e30", good),
		arena_printf(&made_arena, "%s, Bearer %s", good, good),
		made_parts(arena_printf(&made_arena, "%s==", padded),
			made_encode(CLAIMS, strlen(CLAIMS))),
		made_parts("", made_encode(CLAIMS, strlen(CLAIMS))),
		made_parts(made_encode(HEADER, strlen(HEADER)), "") };

	(void)state;
	assert_refused(forms, LENGTH(forms), as_it_is);
	assert_int_equal(
		jwt_check(&policy, &made_arena, (struct span){ NULL, 0 }, NOW,
			&(const struct json *){ NULL }),
		ERR_DENIED);
}

static void
a_nul_does_not_end_a_token(void **state)
{
	const char *good = made_token(HEADER, CLAIMS);
	char *longer = arena_str(&made_arena, good, strlen(good));
	const struct json *claims;

	(void)state;
	assert_int_equal(jwt_check(&policy, &made_arena,
				 (struct span){ longer, strlen(good) + 1 }, NOW,
				 &claims),
		ERR_DENIED);
}

static void
size_is_capped(void **state)
{
	char *filler = arena_alloc(&made_arena, JWT_MAX + 1);
	const char *token;

	(void)state;
	memset(filler, 'x', 2000);
	token = with_claims(arena_printf(
		&made_arena, "{\"x\":\"%s\",%s", filler, &CLAIMS[1]));
	assert_true(strlen(token) < JWT_MAX);
	assert_int_equal(check(token), OK);
	memset(filler, 'x', JWT_MAX);
	token = with_claims(arena_printf(
		&made_arena, "{\"x\":\"%s\",%s", filler, &CLAIMS[1]));
	assert_int_equal(check(token), ERR_DENIED);
}

/* libjwt accepts short keys and, without a key, any signature. */
static void
a_short_key_accepts_no_token(void **state)
{
	static const char key[] = "0123456789abcdef0123456789abcde";
	struct jwt_policy weak = policy;
	const char *text = arena_printf(&made_arena, "%s.%s",
		made_encode(HEADER, strlen(HEADER)),
		made_encode(CLAIMS, strlen(CLAIMS)));
	const char *token;

	(void)state;
	weak.secret = span_of(key);
	assert_int_equal(weak.secret.len, JWT_SECRET_MIN - 1);
	token = arena_printf(&made_arena, "%s.%s", text, made_mac(text, key));
	assert_int_equal(made_check(&weak, token, NOW), ERR_DENIED);
	assert_int_equal(
		jwt_sign(&weak, &made_arena, CLAIMS, &token), ERR_INTERNAL);
	token = arena_printf(&made_arena, "%s.%s", text, made_mac(text, ""));
	weak.secret = span_of("");
	assert_int_equal(made_check(&weak, token, NOW), ERR_DENIED);
	weak.secret = (struct span){ NULL, 0 };
	assert_int_equal(made_check(&weak, token, NOW), ERR_DENIED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(our_own_token_holds_and_is_what_others_make),
		TEST(harmless_headers_pass),
		TEST(foreign_algorithms_and_headers_are_refused),
		TEST(a_key_id_never_chooses_a_key),
		TEST(wrong_or_missing_signatures_are_refused),
		TEST(every_cut_and_every_changed_character_is_refused),
		TEST(a_token_has_exactly_one_spelling),
		TEST(malformed_tokens_are_refused),
		TEST(a_nul_does_not_end_a_token),
		TEST(size_is_capped),
		TEST(a_short_key_accepts_no_token),
	};

	return cmocka_run_group_tests(tests, made_setup, NULL);
}
