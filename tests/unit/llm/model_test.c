/* model_test.c: the lifetime of a model. */

#include "llm/model.h"

#include "../unit.h"

#include <stdio.h>

static struct llm_conf
conf_for(int port, char base_url[64])
{
	snprintf(base_url, 64, "http://127.0.0.1:%d/v1/", port);
	return (struct llm_conf){
		.base_url = base_url,
		.api_key = "sk-secret",
		.api_key_file = "",
		.model = "m",
		.ca_file = "",
		.proxy = "",
		.no_proxy = "",
		.reply_max = 1 << 20,
		.retries = 2,
		.connect_timeout_ms = 5000,
		.first_byte_timeout_ms = 60000,
		.idle_timeout_ms = 60000,
		.total_timeout_ms = 60000,
	};
}

static enum err
open_model(const struct llm_conf *conf, struct llm_model **out)
{
	const struct llm_settings settings = { .model = conf->model };

	return llm_model_open(conf, &settings, out);
}

static void
test_it_is_there_for_its_holders(void **state)
{
	struct arena arena = ARENA_INIT;
	struct llm_model *model;
	struct llm_conf conf;
	char url[64];

	(void)state;
	conf = conf_for(1, url);
	assert_int_equal(open_model(&conf, &model), OK);
	assert_true(llm_model_is_set(model));
	assert_ptr_equal(llm_model_hold_in(&arena, model), model);
	assert_ptr_equal(llm_model_hold(model), model);
	assert_int_equal(model->holders, 3);
	llm_model_release(model);
	arena_reset(&arena);
	assert_int_equal(model->holders, 1);
	llm_model_release(model);
	assert_null(llm_model_hold(NULL));
	llm_model_release(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_is_there_for_its_holders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
