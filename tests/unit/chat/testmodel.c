#include "testmodel.h"

#include "../unit.h"

struct llm_model *
testmodel_open(const struct conf *conf, size_t reply_max)
{
	const struct llm_settings settings = { .base_url = "",
		.model = "m",
		.system_prompt = "",
		.takes_words = "",
		.reply_max = reply_max };
	struct llm_model *model;

	assert_int_equal(llm_model_open(&conf->llm, &settings, &model), OK);
	return model;
}
