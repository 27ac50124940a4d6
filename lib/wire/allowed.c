#include "wire/allowed.h"

#include "base/buf.h"
#include "json/json.h"
#include "json/write.h"

static bool
has_bit(const struct llm_allowed *allowed, size_t i)
{
	return i < LLM_ALLOWED_MAX &&
		(allowed->bits[i / 64] >> (i % 64) & 1) != 0;
}

static void
add_name(struct span name, const struct llm_settings *settings,
	struct llm_allowed *out)
{
	for (size_t i = 0; i < settings->n_tools && i < LLM_ALLOWED_MAX; i++)
		if (span_equal(settings->tool_list[i].name, name))
			out->bits[i / 64] |= UINT64_C(1) << (i % 64);
}

/* The list of all tools has one item for each element of tool_list, in the same
 * order. */
static struct span
without_others(struct arena *arena, const struct llm_allowed *allowed,
	struct span tools)
{
	struct span item = { NULL, 0 }, copy = { NULL, 0 };
	struct buf list = BUF_INIT;
	struct json_writer w = json_writer(&list);
	bool any = false;

	json_open(&w, '[');
	for (size_t i = 0; json_raw_next(tools, &item); i++) {
		if (!has_bit(allowed, i))
			continue;
		any = true;
		json_put_raw(&w, item);
	}
	json_close(&w, ']');
	if (any)
		copy = arena_span(arena, buf_span(&list));
	buf_free(&list);
	return copy;
}

void
llm_allowed_apply(struct arena *arena, struct span names,
	struct llm_settings *settings, struct llm_takes *takes,
	struct llm_allowed *out)
{
	struct span name = { NULL, 0 };

	*out = (struct llm_allowed){ 0 };
	if (names.data == NULL)
		return;
	out->some = true;
	while (json_raw_next(names, &name))
		add_name(json_raw_text(arena, name), settings, out);
	if (settings->tools.data != NULL)
		settings->tools = without_others(arena, out, settings->tools);
	if (settings->tools.data != NULL)
		return;
	takes->way[TAKES_TOOLS] = WAY_OFF;
	takes->given[TAKES_TOOLS] = true;
}

bool
llm_allowed_has(const struct llm_allowed *allowed,
	const struct llm_settings *settings, struct span name)
{
	if (!allowed->some)
		return true;
	for (size_t i = 0; i < settings->n_tools; i++)
		if (span_equal(settings->tool_list[i].name, name))
			return has_bit(allowed, i);
	return false;
}
