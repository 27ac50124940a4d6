#include "wire/effort.h"

static const struct {
	const char *word;
	int64_t tokens;
} efforts[LLM_EFFORT_N] = {
	[LLM_EFFORT_NONE] = { "none", 0 },
	[LLM_EFFORT_MINIMAL] = { "minimal", 1024 },
	[LLM_EFFORT_LOW] = { "low", 2048 },
	[LLM_EFFORT_MEDIUM] = { "medium", 8192 },
	[LLM_EFFORT_HIGH] = { "high", 24576 },
};

bool
llm_effort_read(struct span word, enum llm_effort *out)
{
	for (unsigned i = LLM_EFFORT_NONE; i < LLM_EFFORT_N; i++) {
		if (!span_is(word, efforts[i].word))
			continue;
		*out = (enum llm_effort)i;
		return true;
	}
	return false;
}

const char *
llm_effort_word(enum llm_effort effort)
{
	return efforts[effort].word;
}

int64_t
llm_effort_tokens(enum llm_effort effort)
{
	return efforts[effort].tokens;
}
