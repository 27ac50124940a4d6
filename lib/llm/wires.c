#include "llm/wires.h"

#include "anthropic/wire.h"
#include "gemini/wire.h"
#include "openai/wire.h"
#include "responses/wire.h"

#include <stdlib.h>

static const struct wire *const wires[] = {
	[CONF_OPENAI] = &wire_openai,
	[CONF_ANTHROPIC] = &wire_anthropic,
	[CONF_GEMINI] = &wire_gemini,
	[CONF_RESPONSES] = &wire_responses,
};

const struct wire *
wire_of(int64_t kind)
{
	if (kind < 0 || kind >= (int64_t)LENGTH(wires))
		abort();
	return wires[kind];
}

const char *
wire_words(struct arena *arena)
{
	const char *words = wires[0]->word;

	for (size_t i = 1; i < LENGTH(wires); i++)
		words = arena_printf(arena, "%s%s%s", words,
			i + 1 < LENGTH(wires) ? ", " : " or ", wires[i]->word);
	return words;
}

bool
wire_find(struct span word, int64_t *kind)
{
	for (size_t i = 0; i < LENGTH(wires); i++) {
		if (!span_is(word, wires[i]->word))
			continue;
		*kind = (int64_t)i;
		return true;
	}
	return false;
}
