#include "asking.h"

#include "../unit.h"

#include <string.h>

void
asking_begin(struct asking *a, int64_t kind, const char *model)
{
	*a = (struct asking){ .settings = { .kind = kind,
				      .model = model,
				      .system_prompt = "",
				      .context_tokens = 1 << 30 } };
	a->ask.settings = &a->settings;
}

void
asking_end(struct asking *a)
{
	buf_free(&a->body);
	arena_reset(&a->arena);
}

void
asking_options(struct asking *a, const char *json)
{
	a->settings.option_list = vector_json(&a->arena, span_of(json));
}

void
asking_write(struct asking *a, const char *const *parts, size_t n)
{
	struct llm_message messages[8];

	assert_true(n <= LENGTH(messages));
	for (size_t i = 0; i < n; i++)
		messages[i] = (struct llm_message){
			.role = i % 2 == 0 ? LLM_USER : LLM_ASSISTANT,
			.parts = span_of(parts[i]),
			.own = true
		};
	assert_int_equal(llm_request(&a->arena, &a->ask, messages, n, &a->body,
				 &a->asked),
		OK);
}

void
asking_expect(struct asking *a, const char *member, const char *json)
{
	struct span got = json_raw_get(buf_span(&a->body), member);

	if (json == NULL)
		assert_null(got.data);
	else
		assert_same_json(member, got, span_of(json));
}
