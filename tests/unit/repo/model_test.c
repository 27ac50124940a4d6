/* model_test.c: providers, models and settings, and concurrent changes. */

#include "repo/model.h"
#include "repo/provider.h"

#include "../unit.h"
#include "testdb.h"

static uint64_t
epoch(struct testdb *t)
{
	uint64_t now = 0;

	assert_int_equal(setting_epoch(t->db, &t->arena, &now), OK);
	return now;
}

static struct provider_row
a_provider(struct testdb *t)
{
	struct provider_row row = { .id = testdb_id(),
		.kind = "anthropic",
		.base_url = "https://models.example/v1",
		.key_tail = "",
		.enabled = true };

	row.name = arena_printf(
		&t->arena, "Provider %llu", (unsigned long long)row.id);
	return row;
}

static struct provider_row
added(struct testdb *t)
{
	struct provider_row row = a_provider(t);
	enum refusal why;

	assert_int_equal(provider_add(t->db, &row, 0, &why), OK);
	row.version = 1;
	return row;
}

static struct model_row
a_model(const struct provider_row *provider)
{
	return (struct model_row){ .id = testdb_id(),
		.provider_id = provider->id,
		.upstream_name = "claude-1",
		.label = "Claude",
		.takes = span_of(""),
		.prices = { -1, -1, -1 },
		.enabled = true };
}

static struct model_row
added_model(struct testdb *t, const struct provider_row *provider)
{
	struct model_row row = a_model(provider);
	enum refusal why;

	assert_int_equal(model_add(t->db, &row, 0, &why), OK);
	row.version = 1;
	return row;
}

static struct model_row
found(struct testdb *t, uint64_t id)
{
	struct model_row row = { 0 };

	assert_int_equal(model_find(t->db, &t->arena, id, &row), OK);
	return row;
}

/* Tests share the tables, which have limited room. */
static void
remove_all(struct testdb *t)
{
	struct provider_list providers;
	struct model_list models;
	enum refusal why;

	assert_int_equal(model_list(t->db, &t->arena, &models), OK);
	for (size_t i = 0; i < models.n; i++)
		assert_int_equal(
			model_remove(t->db, models.list[i].id, 0, &why), OK);
	assert_int_equal(provider_list(t->db, &t->arena, &providers), OK);
	for (size_t i = 0; i < providers.n; i++)
		assert_int_equal(
			provider_remove(t->db, providers.list[i].id, 0, &why),
			OK);
}

static void
a_provider_is_what_was_written(void **state)
{
	struct testdb *t = *state;
	struct provider_row row = a_provider(t), now;
	uint64_t before = epoch(t);
	enum refusal why;

	row.key_sealed = span_of("sealed key");
	row.key_tail = "wxyz";
	assert_int_equal(provider_add(t->db, &row, 0, &why), OK);
	assert_int_equal(epoch(t), before + 1);
	assert_int_equal(provider_find(t->db, &t->arena, row.id, &now), OK);
	assert_string_equal(now.name, row.name);
	assert_string_equal(now.kind, "anthropic");
	assert_string_equal(now.base_url, row.base_url);
	assert_true(span_is(now.key_sealed, "sealed key"));
	assert_null(now.headers_sealed.data);
	assert_string_equal(now.key_tail, "wxyz");
	assert_null(now.proxy);
	assert_true(now.enabled);
	assert_int_equal(now.version, 1);
	now.proxy = "";
	now.enabled = false;
	now.key_sealed = (struct span){ NULL, 0 };
	now.headers_sealed = span_of("sealed headers");
	assert_int_equal(provider_change(t->db, &now, 0, &why), OK);
	assert_int_equal(epoch(t), before + 2);
	assert_int_equal(
		provider_find_name(t->db, &t->arena, row.name, &now), OK);
	assert_string_equal(now.proxy, "");
	assert_false(now.enabled);
	assert_null(now.key_sealed.data);
	assert_true(span_is(now.headers_sealed, "sealed headers"));
	assert_int_equal(now.version, 2);
}

static void
of_two_who_change_a_provider_one_is_told(void **state)
{
	struct testdb *t = *state;
	struct provider_row ann = added(t), bob = ann;
	enum refusal why;

	ann.name = arena_printf(&t->arena, "%s!", ann.name);
	assert_int_equal(provider_change(t->db, &ann, 0, &why), OK);
	bob.base_url = "https://bob.example";
	assert_int_equal(provider_change(t->db, &bob, 0, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_CHANGED);
	assert_int_equal(provider_remove(t->db, bob.id, 1, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_CHANGED);
	assert_int_equal(provider_find(t->db, &t->arena, ann.id, &bob), OK);
	assert_string_equal(bob.name, ann.name);
	assert_string_equal(bob.base_url, ann.base_url);
	assert_int_equal(provider_remove(t->db, bob.id, 2, &why), OK);
	assert_int_equal(provider_change(t->db, &bob, 0, &why), ERR_NOT_FOUND);
	assert_int_equal(why, REFUSED_NOT);
	assert_int_equal(
		provider_remove(t->db, bob.id, 2, &why), ERR_NOT_FOUND);
}

static void
a_provider_has_a_name_of_its_own(void **state)
{
	struct testdb *t = *state;
	struct provider_row first = added(t), second = a_provider(t);
	uint64_t before = epoch(t);
	enum refusal why;

	second.name = first.name;
	assert_int_equal(provider_add(t->db, &second, 0, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_NAME);
	second = added(t);
	second.name = first.name;
	assert_int_equal(
		provider_change(t->db, &second, 0, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_NAME);
	assert_int_equal(
		epoch(t), before + 1); /* a refused change does not raise it */
	assert_int_equal(provider_change(t->db, &first, 0, &why), OK);
}

static void
a_model_is_what_was_written(void **state)
{
	struct testdb *t = *state;
	struct provider_row provider = added(t);
	struct model_row other = added_model(t, &provider),
			 row = a_model(&provider), now;
	enum refusal why;

	row.context_tokens = 200000;
	row.takes = span_of("images=off");
	row.options = span_of("{\"top_p\":0.5}");
	row.temperature = span_of("0.70");
	row.max_tokens = 4096;
	row.effort = "high";
	row.prices = (struct model_prices){ 3000000, 0, MODEL_PRICE_MAX };
	row.fallback_id = other.id;
	row.position = -7;
	assert_int_equal(model_add(t->db, &row, 0, &why), OK);
	now = found(t, row.id);
	assert_int_equal(now.provider_id, provider.id);
	assert_string_equal(now.upstream_name, "claude-1");
	assert_string_equal(now.label, "Claude");
	assert_int_equal(now.context_tokens, 200000);
	assert_true(span_is(now.takes, "images=off"));
	assert_true(span_is(now.options, "{\"top_p\":0.5}"));
	assert_true(span_is(now.temperature, "0.70"));
	assert_int_equal(now.max_tokens, 4096);
	assert_string_equal(now.effort, "high");
	assert_int_equal(now.prices.input, 3000000);
	assert_int_equal(now.prices.cached, 0);
	assert_int_equal(now.prices.output, MODEL_PRICE_MAX);
	assert_int_equal(now.fallback_id, other.id);
	assert_int_equal(now.position, -7);
	assert_true(now.enabled);
	assert_false(now.is_default);
	now = found(t, other.id);
	assert_int_equal(now.prices.input, -1);
	assert_int_equal(now.context_tokens, 0);
	assert_null(now.options.data);
	assert_null(now.effort);
	assert_int_equal(now.fallback_id, 0);
}

static void
what_a_model_names_is_there(void **state)
{
	struct testdb *t = *state;
	struct provider_row none = a_provider(t), provider = added(t);
	struct model_row row = a_model(&none), other;
	enum refusal why;

	assert_int_equal(model_add(t->db, &row, 0, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_PROVIDER);
	row = added_model(t, &provider);
	row.fallback_id = row.id;
	assert_int_equal(model_change(t->db, &row, 0, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_FALLBACK);
	row.fallback_id = testdb_id();
	assert_int_equal(model_change(t->db, &row, 0, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_FALLBACK);
	other = added_model(t, &provider);
	row.fallback_id = other.id;
	assert_int_equal(model_change(t->db, &row, 0, &why), OK);
	assert_int_equal(
		provider_remove(t->db, provider.id, 0, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_IN_USE);
	assert_int_equal(model_remove(t->db, other.id, 1, &why), OK);
	assert_int_equal(found(t, row.id).fallback_id, 0);
	assert_int_equal(model_change(t->db, &row, 0, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_CHANGED);
	assert_int_equal(model_remove(t->db, row.id, 0, &why), OK);
	assert_int_equal(provider_remove(t->db, provider.id, 0, &why), OK);
}

static void
there_is_one_default(void **state)
{
	struct testdb *t = *state;
	struct provider_row provider = added(t);
	struct model_row first = added_model(t, &provider),
			 second = added_model(t, &provider);
	enum refusal why;

	first.is_default = true;
	assert_int_equal(model_change(t->db, &first, 0, &why), OK);
	second.is_default = true;
	assert_int_equal(model_change(t->db, &second, 0, &why), OK);
	assert_false(found(t, first.id).is_default);
	assert_true(found(t, second.id).is_default);
	/* Based on a version from before it ceased to be the default. */
	first.version = 2;
	assert_int_equal(model_change(t->db, &first, 0, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_CHANGED);
	first = a_model(&provider);
	first.is_default = true;
	assert_int_equal(model_add(t->db, &first, 0, &why), OK);
	assert_false(found(t, second.id).is_default);
}

static void
the_list_is_in_order_and_has_an_end(void **state)
{
	static const char *const labels[] = { "c", "b", "a" };
	struct testdb *t = *state;
	struct provider_row provider, one;
	struct model_row row;
	struct provider_list providers;
	struct model_list models;
	enum refusal why;

	remove_all(t);
	provider = added(t);
	for (unsigned i = 0; i < MODELS_MAX; i++) {
		row = a_model(&provider);
		row.label = i < 3 ? labels[i] : "z";
		row.position = i == 0 ? -1 : 0;
		assert_int_equal(model_add(t->db, &row, 0, &why), OK);
	}
	row.id = testdb_id();
	assert_int_equal(model_add(t->db, &row, 0, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_TOO_MANY);
	assert_int_equal(model_list(t->db, &t->arena, &models), OK);
	assert_int_equal(models.n, MODELS_MAX);
	assert_string_equal(models.list[0].label, "c");
	assert_string_equal(models.list[1].label, "a");
	assert_string_equal(models.list[2].label, "b");
	for (unsigned i = 1; i < PROVIDERS_MAX; i++)
		(void)added(t);
	one = a_provider(t);
	assert_int_equal(provider_add(t->db, &one, 0, &why), ERR_CONFLICT);
	assert_int_equal(why, REFUSED_TOO_MANY);
	assert_int_equal(provider_list(t->db, &t->arena, &providers), OK);
	assert_int_equal(providers.n, PROVIDERS_MAX);
	remove_all(t);
}

static void
a_setting_is_put_by_who_has_seen_it(void **state)
{
	struct testdb *t = *state;
	struct setting setting = { .value = span_of("1") }, stale;
	uint64_t before = epoch(t);

	setting.name = arena_printf(
		&t->arena, "test.%llu", (unsigned long long)testdb_id());
	stale = setting;
	assert_int_equal(
		setting_find(t->db, &t->arena, &setting), ERR_NOT_FOUND);
	assert_int_equal(setting_put(t->db, &setting), OK);
	assert_int_equal(setting_put(t->db, &stale), ERR_CONFLICT);
	assert_int_equal(setting_find(t->db, &t->arena, &setting), OK);
	assert_int_equal(setting.version, 1);
	stale = setting;
	setting.value = span_of("2");
	assert_int_equal(setting_put(t->db, &setting), OK);
	assert_int_equal(setting_put(t->db, &stale), ERR_CONFLICT);
	assert_int_equal(setting_find(t->db, &t->arena, &setting), OK);
	assert_true(span_is(setting.value, "2"));
	assert_int_equal(epoch(t), before + 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_provider_is_what_was_written),
		cmocka_unit_test(of_two_who_change_a_provider_one_is_told),
		cmocka_unit_test(a_provider_has_a_name_of_its_own),
		cmocka_unit_test(a_model_is_what_was_written),
		cmocka_unit_test(what_a_model_names_is_there),
		cmocka_unit_test(there_is_one_default),
		cmocka_unit_test(the_list_is_in_order_and_has_an_end),
		cmocka_unit_test(a_setting_is_put_by_who_has_seen_it),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
