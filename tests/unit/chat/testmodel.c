#include "testmodel.h"

#include "../unit.h"

static struct llm_settings
settings_of(size_t reply_max)
{
	return (struct llm_settings){ .base_url = "",
		.model = "m",
		.system_prompt = "",
		.takes_words = "",
		.reply_max = reply_max };
}

struct llm_model *
testmodel_open(const struct conf *conf, size_t reply_max)
{
	const struct llm_settings settings = settings_of(reply_max);
	struct llm_model *model;

	assert_int_equal(llm_model_open(&conf->llm, &settings, &model), OK);
	return model;
}

struct models *
testmodels(const struct conf *conf)
{
	static struct models *models;
	const struct llm_settings settings = settings_of(1 << 20);

	if (models == NULL)
		assert_int_equal(models_open(conf, &settings, &models), OK);
	return models;
}
