/* Writes reasoning items for the model that made them. */

#include "responses/input.h"

#include "wire/part.h"

/* ---- items: one or more parts with the same id */

struct item {
	size_t end; /* index after its parts */
	struct span id, state; /* may be absent */
	bool content; /* its thoughts are content, not a summary */
};

static struct item
item_at(const struct responses_input *in, const struct step *step, size_t at)
{
	struct item item = { .end = at };
	struct span id;

	do {
		const struct json *kept =
			responses_kept(&in->owner, step, item.end);

		id = json_text(json_get(kept, RESPONSES_ITEM));
		if (item.end > at &&
			(item.id.len == 0 || !span_equal(id, item.id)))
			break;
		item.id = id;
		item.state = json_text(json_get(kept, RESPONSES_STATE));
		item.content =
			json_boolean(json_get(kept, RESPONSES_CONTENT), false);
		item.end++;
	} while (item.end < step->end && item.state.len == 0 &&
		llm_part_is(json_at(step->parts, item.end), "reasoning"));
	return item;
}

/* An item without state means nothing to the provider, which has not stored it;
 * but a readable thought can be sent. */
static bool
is_item(const struct item *item)
{
	return item->state.len > 0 || item->content;
}

/* ---- what follows an item */

/* 1 if the part is sent in its own form, 0 if it is not, -1 if it does not
 * count. */
static int
is_told(const struct responses_input *in, const struct json *part)
{
	if (llm_part_is(part, "text"))
		return !llm_is_blank(llm_part_text(part, "text"));
	if (json_get(part, "toolCallId") == NULL)
		return -1;
	return in->calls && sent_call_is_answered(part);
}

static bool
is_followed(
	const struct responses_input *in, const struct step *step, size_t at)
{
	for (; at < step->end; at++) {
		int told = is_told(in, json_at(step->parts, at));

		if (told >= 0)
			return told > 0;
	}
	return false;
}

static bool
is_whole_step(const struct responses_input *in, const struct step *step)
{
	size_t at = step->first;

	while (at < step->end) {
		const struct json *kept = responses_kept(&in->owner, step, at);
		struct item item;

		if (!json_boolean(json_get(kept, RESPONSES_WHOLE), true))
			return false;
		if (!llm_part_is(json_at(step->parts, at), "reasoning")) {
			at++;
			continue;
		}
		item = item_at(in, step, at);
		if (is_item(&item) && !is_followed(in, step, item.end))
			return false;
		at = item.end;
	}
	return true;
}

bool
responses_is_whole(
	const struct responses_input *in, const struct turns *turns, size_t at)
{
	if (in->takes->way[TAKES_REASONING] == WAY_OFF)
		return false;
	for (; at < turns->n && turns->list[at].model; at++)
		for (size_t i = 0; i < turns->list[at].n_steps; i++)
			if (!is_whole_step(in, &turns->list[at].steps[i]))
				return false;
	return true;
}

/* ---- writing an item */

static void
put_texts(struct json_writer *w, const char *key, const char *type,
	const struct step *step, size_t first, size_t end)
{
	json_key(w, key);
	json_open(w, '[');
	for (size_t i = first; i < end; i++) {
		struct span text =
			llm_part_text(json_at(step->parts, i), "text");

		if (text.len == 0)
			continue;
		json_open(w, '{');
		json_member_str(w, "type", type);
		json_member_text(w, "text", text);
		json_close(w, '}');
	}
	json_close(w, ']');
}

size_t
responses_put_reasoning(
	struct responses_input *in, const struct step *step, size_t part)
{
	struct item item = item_at(in, step, part);
	struct json_writer *w = in->w;

	if (!in->reasoning || !is_item(&item))
		return item.end;
	json_open(w, '{');
	json_member_str(w, "type", "reasoning");
	if (item.id.len > 0)
		json_member_text(w, "id", item.id);
	put_texts(w, "summary", "summary_text", step, part,
		item.content ? part : item.end);
	if (item.content)
		put_texts(w, "content", "reasoning_text", step, part, item.end);
	if (item.state.len > 0)
		json_member_text(w, "encrypted_content", item.state);
	json_close(w, '}');
	in->had |= TAKES_BIT(TAKES_REASONING);
	return item.end;
}
