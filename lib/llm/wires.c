#include "llm/wires.h"

#include "llm/anthropic.h"
#include "llm/gemini.h"
#include "llm/openai.h"
#include "llm/responses.h"

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
