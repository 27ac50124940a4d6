#include "wire/takes.h"

#include "base/attr.h"

#define WAYS 3

static const struct {
	const char *name;
	const char *ways[WAYS];
	const char *sentences[WAYS];
} abilities[LLM_ABILITY_N] = {
	[TAKES_STREAM_OPTIONS] = { "stream_options", { "on", "off" },
		{ "asked for token counts", "asked without stream_options" } },
	[TAKES_TOOLS] = { "tools", { "on", "off" },
		{ "asked with tools", "asked without tools" } },
	[TAKES_TOOL_CHOICE] = { "tool_choice", { "on", "off" },
		{ "asked with tool_choice", "asked without tool_choice" } },
	[TAKES_PARALLEL_CALLS] = { "parallel_calls", { "on", "off" },
		{ "told calls together", "told calls one by one" } },
	[TAKES_CALL_IDS] = { "call_ids", { "own", "short" },
		{ "told its own ids of calls",
			"told short ids of its calls" } },
	[TAKES_REASONING] = { "reasoning", { "on", "off", "always" },
		{ "told its reasoning", "not told its reasoning",
			"told a reasoning with every call" } },
	[TAKES_IMAGES] = { "images", { "on", "off" },
		{ "sent images", "sent no images" } },
	[TAKES_RARE_IMAGES] = { "rare_images", { "on", "off" },
		{ "sent images of all types",
			"sent no images but PNG, JPEG, GIF and WebP" } },
	[TAKES_PDF] = { "pdf", { "on", "off" },
		{ "sent PDF files", "sent no PDF files" } },
	[TAKES_AUDIO] = { "audio", { "on", "off" },
		{ "sent audio files", "sent no audio files" } },
	[TAKES_SYSTEM] = { "system", { "system", "developer", "user" },
		{ "given its prompt as system", "given its prompt as developer",
			"given its prompt with the user's first words" } },
	[TAKES_MAX_TOKENS] = { "max_tokens",
		{ "max_tokens", "max_completion_tokens", "off" },
		{ "asked with max_tokens", "asked with max_completion_tokens",
			"asked without max_tokens" } },
	[TAKES_TEMPERATURE] = { "temperature", { "on", "off" },
		{ "asked with temperature", "asked without temperature" } },
	[TAKES_EFFORT] = { "effort", { "on", "off" },
		{ "told how much to think", "not told how much to think" } },
	[TAKES_CACHE] = { "cache", { "on", "off" },
		{ "told what to cache", "not told what to cache" } },
};

/* Takes the next word; false at the end. */
static bool
next_word(struct span *rest, struct span *word)
{
	static const char blanks[] = " \t\r\n";

	while (rest->len > 0 && strchr(blanks, rest->data[0]) != NULL) {
		rest->data++;
		rest->len--;
	}
	word->data = rest->data;
	word->len = 0;
	while (rest->len > 0 && strchr(blanks, rest->data[0]) == NULL) {
		rest->data++;
		rest->len--;
		word->len++;
	}
	return word->len > 0;
}

static enum err
read_word(struct llm_takes *takes, struct span word, bool given)
{
	const char *sign = memchr(word.data, '=', word.len);
	struct span name, way;

	if (sign == NULL)
		return ERR_INVALID;
	name = (struct span){ word.data, (size_t)(sign - word.data) };
	way = (struct span){ sign + 1, word.len - name.len - 1 };
	for (unsigned i = 0; i < LLM_ABILITY_N; i++) {
		if (!span_is(name, abilities[i].name))
			continue;
		for (unsigned j = 0; j < WAYS; j++) {
			if (abilities[i].ways[j] == NULL ||
				!span_is(way, abilities[i].ways[j]))
				continue;
			takes->way[i] = (unsigned char)j;
			takes->given[i] = given;
			return OK;
		}
	}
	return ERR_INVALID;
}

enum err
llm_takes_read(struct llm_takes *takes, struct span words, bool given)
{
	struct llm_takes read = *takes;
	struct span word;

	while (next_word(&words, &word))
		TRY(read_word(&read, word, given));
	*takes = read;
	return OK;
}

void
llm_takes_write(const struct llm_takes *takes, struct buf *out)
{
	for (unsigned i = 0; i < LLM_ABILITY_N; i++) {
		if (takes->given[i] || takes->way[i] == 0)
			continue;
		if (out->len > 0)
			buf_putc(out, ' ');
		buf_printf(out, "%s=%s", abilities[i].name,
			abilities[i].ways[takes->way[i]]);
	}
}

const char *
llm_takes_sentence(const struct llm_takes *takes, enum llm_ability ability)
{
	return abilities[ability].sentences[takes->way[ability]];
}
