/* models_test.c: lamplight provider, model, user role, and the secret file that
 * seals keys. */

#include "../unit.h"
#include "command.h"
#include "repo/model.h"
#include "repo/provider_seal.h"
#include "repo/user.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY "sk-canary-0123456789-wxyz"

static struct arena arena;
static struct conf conf;
static struct db *db;

static int
run(const char *arguments, const char *input)
{
	return command_run(&arena, arguments, input);
}

static void
remove_all(void)
{
	struct provider_list providers;
	struct model_list models;
	enum refusal why;

	assert_int_equal(model_list(db, &arena, &models), OK);
	for (size_t i = 0; i < models.n; i++)
		assert_int_equal(
			model_remove(db, models.list[i].id, 0, &why), OK);
	assert_int_equal(provider_list(db, &arena, &providers), OK);
	for (size_t i = 0; i < providers.n; i++)
		assert_int_equal(
			provider_remove(db, providers.list[i].id, 0, &why), OK);
}

static struct provider_row
find(const char *name)
{
	struct provider_row row = { 0 };

	assert_int_equal(provider_find_name(db, &arena, name, &row), OK);
	return row;
}

static struct span
key_of(const char *name)
{
	struct provider_row row = find(name);
	struct provider_secrets secrets;
	struct secret_ring ring;

	assert_int_equal(secret_load(&arena,
				 getenv("LAMPLIGHT_AUTH_SECRET_FILE"), &ring),
		OK);
	assert_int_equal(provider_open(&ring, &arena, &row, &secrets), OK);
	return secrets.key;
}

static int
setup(void **state)
{
	char *path;

	(void)state;
	path = arena_printf(
		&arena, "/tmp/lamplight-models-test.%d", (int)getpid());
	setenv("LAMPLIGHT_AUTH_SECRET_FILE", path, 1);
	if (conf_load(&arena, &conf) != OK)
		return -1;
	db = db_new(&conf.db);
	if (run("migrate", "") != 0)
		return -1;
	return command_seals(&arena);
}

static int
teardown(void **state)
{
	(void)state;
	remove_all();
	command_sealed_nothing(db);
	remove(getenv("LAMPLIGHT_AUTH_SECRET_FILE"));
	remove(arena_printf(
		&arena, "%s.away", getenv("LAMPLIGHT_AUTH_SECRET_FILE")));
	db_free(db);
	buf_free(&said);
	arena_reset(&arena);
	return 0;
}

static void
a_provider_is_added_with_a_key_that_nobody_sees(void **state)
{
	(void)state;
	remove_all();
	assert_int_equal(run("provider add Claude --kind anthropic --json",
				 " " KEY "\n\n"),
		0);
	assert_said("\"keyTail\":\"wxyz\"");
	assert_not_said("canary");
	assert_true(span_is(key_of("claude"), KEY));
	assert_int_equal(run("provider list", ""), 0);
	assert_said("anthropic  enabled   wxyz      Claude");
	assert_int_equal(run("provider list --json", ""), 0);
	assert_not_said("canary");
	assert_int_equal(
		run("provider set claude --name Anthropic --enabled off", ""),
		0);
	/* Not given, so unchanged. */
	assert_true(span_is(key_of("Anthropic"), KEY));
	assert_false(find("Anthropic").enabled);
	assert_int_equal(run("provider set Anthropic --no-key", ""), 0);
	assert_null(find("Anthropic").key_sealed.data);
}

static void
what_is_wrong_is_said_in_words(void **state)
{
	static const struct {
		const char *arguments, *input, *says;
	} cases[] = {
		{ "provider add A --no-key", "", "--kind is missing." },
		{ "provider add A --kind claude --no-key", "",
			"--kind is openai" },
		{ "provider add A --kind openai --no-key", "",
			"--base-url is missing" },
		{ "provider add A --kind openai --base-url http://u:p@h/ --no-key",
			"", "--base-url is an http or https address" },
		{ "provider add A --kind openai --base-url ftp://h/ --no-key",
			"", "--base-url is an http or https address" },
		{ "provider add A --kind gemini", "one\ntwo",
			"The key must be one line" },
		{ "provider add A --kind gemini", "sk-\303\244",
			"The key must be one line" },
		{ "provider add A --kind gemini --colour red --no-key", "",
			"There is no option \"--colour\" here." },
		{ "provider add A --kind gemini --kind openai --no-key", "",
			"An option is given twice" },
		{ "provider add A --no-key --kind", "",
			"--kind takes a value." },
		{ "provider add A --kind gemini --enabled yes --no-key", "",
			"--enabled takes on or off." },
		{ "provider add A --kind gemini --key-file /nowhere", "",
			"--key-file takes a file" },
		{ "provider add A --kind gemini --key-file /dev/null", "",
			"The key is empty. If there is none, use --no-key." },
		{ "provider add A --kind gemini", "",
			"The key is empty. If there is none, use --no-key." },
		{ "provider add A --kind gemini --key", " \n",
			"The key is empty. If there is none, use --no-key." },
		{ "provider add A --kind gemini --proxy http://u:p@h:1 --no-key",
			"", "in the configuration file (llm.proxy)" },
		{ "provider set Nobody", "", "There is no provider" },
		{ "provider add Gemini --kind gemini --no-key", "",
			"This name is already taken." },
		{ "model add m", "", "Give its provider: --provider NAME." },
		{ "model add m --provider Nobody", "", "There is no provider" },
		{ "model add m --provider Gemini --price-input 1,5", "",
			"--price-input takes a price" },
		{ "model add m --provider Gemini --price-input 1.2345678", "",
			"--price-input takes a price" },
		{ "model add m --provider Gemini --price-input 9999999", "",
			"--price-input takes a price" },
		{ "model add m --provider Gemini --max-tokens many", "",
			"--max-tokens takes JSON." },
		{ "model add m --provider Gemini --max-tokens 0", "",
			"--max-tokens is a whole number from 1" },
		{ "model add m --provider Gemini --temperature 3", "",
			"--temperature is a number from 0 to 2, or empty." },
		{ "model add m --provider Gemini --takes images=maybe", "",
			"--takes contains words like images=off" },
		{ "model add m --provider Gemini --effort huge", "",
			"--effort is none, minimal" },
		{ "model add m --provider Gemini --options [1]", "",
			"--options is a JSON object" },
		{ "model add m --provider Gemini --options "
		  "\"{\\\"contents\\\":1}\"",
			"", "--options cannot contain \"contents\"" },
		{ "model set Nobody", "", "There is no model" },
		{ "provider add '' --kind gemini --no-key", "",
			"NAME is a text of 1" },
		{ "model add '' --provider Gemini", "", "NAME is a text of 1" },
	};

	(void)state;
	remove_all();
	assert_int_equal(
		run("provider add Gemini --kind gemini --no-key", ""), 0);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		assert_int_equal(run(cases[i].arguments, cases[i].input), 1);
		assert_said(cases[i].says);
	}
}

static void
a_model_is_added_changed_and_removed(void **state)
{
	struct model_list all;

	(void)state;
	remove_all();
	assert_int_equal(run("provider add Gemini --kind gemini", KEY), 0);
	assert_int_equal(
		run("model add gemini-9 --provider gemini --label Nine "
		    "--price-input 2.5 --price-output 10.000001 --default on "
		    "--context-tokens 1000000",
			""),
		0);
	assert_int_equal(
		run("model add small --provider Gemini --fallback Nine", ""),
		0);
	assert_int_equal(model_list(db, &arena, &all), OK);
	assert_int_equal(all.n, 2);
	assert_string_equal(all.list[0].label, "Nine");
	assert_int_equal(all.list[0].prices.input, 2500000);
	assert_int_equal(all.list[0].prices.cached, -1);
	assert_int_equal(all.list[0].prices.output, 10000001);
	assert_int_equal(all.list[0].context_tokens, 1000000);
	assert_true(all.list[0].is_default);
	assert_int_equal(all.list[1].fallback_id, all.list[0].id);
	assert_int_equal(
		run("model set small --price-input 0 --fallback \"\" --json",
			""),
		0);
	assert_said("\"fallbackId\":null");
	assert_said("\"input\":0,\"cached\":null");
	assert_int_equal(run("model list", ""), 0);
	assert_said("default  Nine  Gemini  gemini-9");
	assert_int_equal(run("provider remove Gemini", ""), 1);
	assert_said("This provider has models.");
	assert_int_equal(run("model set small --label Nine", ""), 0);
	assert_int_equal(run("model remove Nine", ""), 1);
	assert_said("Several models are called \"Nine\"");
	assert_int_equal(run("model remove small", ""), 0);
	assert_int_equal(run("model remove gemini-9", ""), 0);
	assert_int_equal(run("provider remove Gemini", ""), 0);
}

/* After being killed at any point, it is run again: what is sealed under the
 * new key stays. */
static void
keys_outlive_a_rotation(void **state)
{
	struct span before;

	(void)state;
	remove_all();
	assert_int_equal(run("provider add Gemini --kind gemini", KEY), 0);
	before = find("Gemini").key_sealed;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(run("secret rotate", ""), 0);
		assert_false(span_equal(find("Gemini").key_sealed, before));
		assert_true(span_is(key_of("Gemini"), KEY));
		assert_int_equal(run("check", ""), 0);
		assert_said("Secret file: can decrypt everything.");
		before = find("Gemini").key_sealed;
	}
}

static void
put_secret(const char *path, const char *text)
{
	FILE *to;

	unlink(path);
	to = fopen(path, "w");
	assert_non_null(to);
	assert_int_equal(fchmod(fileno(to), 0600), 0);
	fputs(text, to);
	assert_int_equal(fclose(to), 0);
}

static void
another_secret_file_is_one_clear_sentence(void **state)
{
	const char *path = getenv("LAMPLIGHT_AUTH_SECRET_FILE");
	char *away = arena_printf(&arena, "%s.away", path);

	(void)state;
	remove_all();
	assert_int_equal(run("provider add Gemini --kind gemini", KEY), 0);
	assert_int_equal(rename(path, away), 0);
	assert_int_equal(run("check", ""), 1);
	assert_said("is not there. Put it back");
	assert_int_equal(run("secret rotate", ""), 1);
	assert_said("is not there. Put it back");
	put_secret(path, "too short");
	assert_int_equal(run("check", ""), 1);
	assert_said(arena_printf(&arena,
		"The secret file %s (auth.secret_file) cannot be used: it is shorter",
		path));
	assert_not_said("secret_refused");
	put_secret(path, "another one, of thirty-two bytes");
	assert_int_equal(run("check", ""), 1);
	assert_said(
		"is not the one that second factors and the providers' keys were sealed with");
	assert_not_said("seal_not_opened");
	assert_int_equal(run("secret rotate", ""), 1);
	assert_said(
		"is not the one that second factors and the providers' keys were sealed with");
	assert_int_equal(run("provider add Claude --kind anthropic", KEY), 1);
	assert_said(
		"is not the one that second factors and the providers' keys were sealed with");
	/* Other members can be changed, and the key waits for its file. */
	assert_int_equal(run("provider set Gemini --enabled off", ""), 0);
	assert_false(find("Gemini").enabled);
	assert_int_equal(run("provider set Gemini --key", "sk-another"), 1);
	assert_said(
		"is not the one that second factors and the providers' keys were sealed with");
	assert_int_equal(run("provider list --json", ""), 0);
	assert_said("\"problem\":\"sealed\"");
	assert_int_equal(run("secret accept", ""), 0);
	assert_said("The key of the provider \"Gemini\" cannot be decrypted");
	assert_int_equal(run("provider list --json", ""), 0);
	assert_said("\"problem\":\"lost\"");
	assert_int_equal(run("provider test Gemini", ""), 1);
	assert_said("cannot be opened any more. Give both again");
	assert_int_equal(run("check", ""), 0);
	assert_said(
		"Note: the key of the provider \"Gemini\" cannot be decrypted");
	assert_int_equal(run("provider set Gemini --key", "sk-another"), 0);
	assert_true(span_is(key_of("Gemini"), "sk-another"));
	remove_all();
	assert_int_equal(rename(away, path), 0);
	assert_int_equal(run("secret accept", ""), 0);
}

static bool
is_admin(const char *name)
{
	struct user user;

	assert_int_equal(user_find_name(db, &arena, name, &user), OK);
	return user.is_admin;
}

static void
an_administrator_is_made_here_and_never_by_chance(void **state)
{
	const char *ann = arena_printf(&arena, "ann%d", (int)getpid());
	const char *bob = arena_printf(&arena, "bob%d", (int)getpid());

	(void)state;
	assert_int_equal(
		run(arena_printf(&arena, "user add %s", ann), "a password 1"),
		0);
	assert_false(is_admin(ann));
	assert_int_equal(run(arena_printf(&arena, "user add %s --admin", bob),
				 "a password 1"),
		0);
	assert_said("and administers this site");
	assert_true(is_admin(bob));
	assert_int_equal(
		run(arena_printf(&arena, "user role %s admin", ann), ""), 0);
	assert_true(is_admin(ann));
	assert_int_equal(
		run(arena_printf(&arena, "user role %s user", bob), ""), 0);
	assert_false(is_admin(bob));
	assert_int_equal(
		run(arena_printf(&arena, "user role %s root", bob), ""), 1);
	assert_int_equal(run(arena_printf(&arena, "user role %s", bob), ""), 1);
	assert_int_equal(
		run(arena_printf(&arena, "user add %s --root", bob), ""), 1);
	assert_said("only --admin is possible");
	assert_int_equal(run("user list", ""), 0);
	assert_said(arena_printf(&arena, "%s  (administrator)", ann));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_provider_is_added_with_a_key_that_nobody_sees),
		cmocka_unit_test(what_is_wrong_is_said_in_words),
		cmocka_unit_test(a_model_is_added_changed_and_removed),
		cmocka_unit_test(keys_outlive_a_rotation),
		cmocka_unit_test(another_secret_file_is_one_clear_sentence),
		cmocka_unit_test(
			an_administrator_is_made_here_and_never_by_chance),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
