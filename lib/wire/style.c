#include "wire/style.h"

#include "base/attr.h"

#include <stddef.h>

static const struct {
	const char *word, *line;
} styles[] = {
	[LLM_STYLE_NONE] = { NULL, "" },
	[LLM_STYLE_SHORTER] = { "shorter",
		"Keep your next answer short: only what matters most, in a few "
		"sentences." },
	[LLM_STYLE_LONGER] = { "longer",
		"Make your next answer longer than usual: go into detail, with "
		"reasons and examples." },
	[LLM_STYLE_SIMPLER] = { "simpler",
		"Make your next answer simple: everyday words and short "
		"sentences, for somebody who is new to the subject." },
};

bool
llm_style_read(struct span word, enum llm_style *out)
{
	for (size_t i = 1; i < LENGTH(styles); i++) {
		*out = (enum llm_style)i;
		if (span_is(word, styles[i].word))
			return true;
	}
	*out = LLM_STYLE_NONE;
	return false;
}

const char *
llm_style_word(enum llm_style style)
{
	return styles[style].word;
}

const char *
llm_style_line(enum llm_style style)
{
	return styles[style].line;
}
