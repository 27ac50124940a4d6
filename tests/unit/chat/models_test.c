/* models_test.c: which models exist, the names of their providers, and what
 * stays the same when the tables are read again. */

#include "chat/models.h"

#include "../repo/testdb.h"
#include "../unit.h"
#include "base/attr.h"
#include "repo/model.h"
#include "repo/provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NOWHERE "http://127.0.0.1:9"

static struct stage {
	char dir[32];
	char secret_file[64];
	struct provider_row provider;
	uint64_t first, second; /* ids of models */
} stage;

static const struct llm_settings settings = { .base_url = "",
	.model = "m",
	.system_prompt = "",
	.takes_words = "",
	.reply_max = 1 << 20 };

static uint64_t
add_model(struct testdb *t, int64_t position, bool is_default)
{
	const struct model_row row = { .id = testdb_id(),
		.provider_id = stage.provider.id,
		.upstream_name = "m",
		.label = "M",
		.takes = span_of(""),
		.prices = { -1, -1, -1 },
		.position = position,
		.enabled = true,
		.is_default = is_default };
	enum refusal why;

	assert_int_equal(model_add(t->db, &row, 0, &why), OK);
	return row.id;
}

static int
open_all(void **state)
{
	struct testdb *t;
	enum refusal why;

	if (testdb_open(state) != 0)
		return -1;
	t = *state;
	snprintf(stage.dir, sizeof(stage.dir), "/tmp/models_test.XXXXXX");
	if (mkdtemp(stage.dir) == NULL)
		return -1;
	snprintf(stage.secret_file, sizeof(stage.secret_file), "%s/secret",
		stage.dir);
	t->conf.auth.secret_file = stage.secret_file;
	t->conf.llm.base_url = NOWHERE;
	t->conf.llm.model = "";
	t->conf.http.site_name = "The site";
	stage.provider = (struct provider_row){ .id = testdb_id(),
		.kind = "anthropic",
		.base_url = NOWHERE,
		.key_tail = "",
		.enabled = true };
	stage.provider.name = arena_printf(&t->arena, "Provider %llu",
		(unsigned long long)stage.provider.id);
	if (provider_add(t->db, &stage.provider, 0, &why) != OK)
		return -1;
	stage.first = add_model(t, 1, false);
	stage.second = add_model(t, 2, false);
	return 0;
}

static int
close_all(void **state)
{
	struct testdb *t = *state;
	enum refusal why;

	assert_int_equal(model_remove(t->db, stage.first, 0, &why), OK);
	assert_int_equal(model_remove(t->db, stage.second, 0, &why), OK);
	assert_int_equal(
		provider_remove(t->db, stage.provider.id, 0, &why), OK);
	unlink(stage.secret_file);
	rmdir(stage.dir);
	return testdb_close(state);
}

static struct models *
open_models(struct testdb *t)
{
	struct models *models;

	assert_int_equal(models_open(&t->conf, &settings, &models), OK);
	return models;
}

/* The model asked if none was chosen. */
static uint64_t
default_of(struct models *models)
{
	struct arena arena = ARENA_INIT;
	uint64_t id = models_default(models, &arena)->id;

	arena_reset(&arena);
	return id;
}

/* The names of internal hosts are not revealed. */
static void
a_provider_is_called_by_its_host_where_that_is_public(void **state)
{
	static const struct {
		const char *url, *name;
	} cases[] = {
		{ "https://api.example.com/v1", "api.example.com" },
		{ "https://api.example.com", "api.example.com" },
		{ "http://ollama/v1", "The site" },
		{ "http://gpu.LAN/v1", "The site" },
		{ "http://gpu.arpa/v1", "The site" },
		{ "http://gpu.example.com:8000/v1", "The site" },
		{ "http://10.0.0.7/v1", "The site" },
		{ "http://gpu.example.com./v1", "The site" },
	};
	struct testdb *t = *state;

	t->conf.llm.model = "m";
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct models *models;
		struct arena arena = ARENA_INIT;

		t->conf.llm.base_url = cases[i].url;
		models = open_models(t);
		assert_string_equal(models_find(models, &arena, 0)->provider,
			cases[i].name);
		arena_reset(&arena);
		models_close(models);
	}
	t->conf.llm.base_url = NOWHERE;
	t->conf.llm.model = "";
}

static void
of_the_tables_the_default_is_asked_else_the_first(void **state)
{
	struct testdb *t = *state;
	struct models *models = open_models(t);
	struct arena arena = ARENA_INIT;
	struct models_all all = models_all(models, &arena);
	enum refusal why;
	uint64_t third;

	assert_int_equal(all.n, 0);
	assert_null(all.otherwise);
	assert_null(models_find(models, &arena, 0));
	assert_false(models_are_read(models));
	models_look(models, t->db);
	assert_true(models_are_read(models));
	assert_int_equal(default_of(models), stage.first);
	third = add_model(t, 3, true);
	models_look(models, t->db);
	assert_int_equal(default_of(models), third);
	all = models_all(models, &arena);
	assert_int_equal(all.n, 3);
	assert_int_equal(all.otherwise->id, third);
	assert_int_equal(models_find(models, &arena, third)->id, third);
	assert_int_equal(model_remove(t->db, third, 0, &why), OK);
	models_look(models, t->db);
	assert_int_equal(default_of(models), stage.first);
	arena_reset(&arena);
	models_close(models);
}

/* More looks than it takes until a closed model is tried again. */
#define LOOKS 20

static struct llm_model *
look_often(struct testdb *t, struct models *models, struct arena *arena)
{
	for (int i = 0; i < LOOKS; i++)
		models_look(models, t->db);
	return models_find(models, arena, stage.first);
}

/* The model is listed so that an error can say so; it is not asked, and is
 * tried again. */
static void
what_does_not_open_opens_when_the_secret_is_back(void **state)
{
	struct testdb *t = *state;
	struct models *models = open_models(t);
	struct arena arena = ARENA_INIT;
	struct span metadata = span_of(arena_printf(&arena,
		"{\"modelId\":\"%llu\"}", (unsigned long long)stage.first));
	struct llm_model *closed, *open;

	t->conf.auth.secret_file = stage.dir; /* the file does not exist */
	models_look(models, t->db);
	closed = look_often(t, models, &arena);
	assert_null(closed->endpoint);
	assert_null(models_of_reply(models, &arena, metadata));
	assert_ptr_equal(look_often(t, models, &arena), closed);
	t->conf.auth.secret_file = stage.secret_file;
	open = look_often(t, models, &arena);
	assert_non_null(open->endpoint);
	assert_ptr_equal(models_of_reply(models, &arena, metadata), open);
	assert_ptr_equal(look_often(t, models, &arena), open);
	arena_reset(&arena);
	models_close(models);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_provider_is_called_by_its_host_where_that_is_public),
		cmocka_unit_test(
			of_the_tables_the_default_is_asked_else_the_first),
		cmocka_unit_test(
			what_does_not_open_opens_when_the_secret_is_back),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
