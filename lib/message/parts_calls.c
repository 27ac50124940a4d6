/* Iterates over the tool calls of a message's last step. */

#include "message/part.h"
#include "message/parts.h"
#include "json/json.h"

static bool
is_approved(const struct part *part)
{
	return span_is(
		json_raw_get(part->fields[PART_APPROVAL], "approved"), "true");
}

static enum parts_call_state
state_of(const struct part *part)
{
	if (part->state == PART_INPUT_AVAILABLE ||
		part->state == PART_INPUT_STREAMING ||
		part->state == PART_APPROVAL_REQUESTED)
		return PARTS_CALL_WAITS;
	if (part->state != PART_APPROVAL_RESPONDED)
		return PARTS_CALL_DONE;
	return is_approved(part) ? PARTS_CALL_APPROVED : PARTS_CALL_DENIED;
}

static size_t
last_step(const struct parts *parts)
{
	size_t first = parts->n;

	while (first > 0 && parts->list[first - 1].kind != PART_STEP)
		first--;
	return first;
}

bool
parts_next_call(const struct parts *parts, size_t *at, struct parts_call *out)
{
	const struct part *part;

	for (*at = MAX(*at, last_step(parts)); *at < parts->n; ++*at) {
		part = &parts->list[*at];
		if (part->kind != PART_TOOL)
			continue;
		*out = (struct parts_call){ part->fields[PART_ID],
			part->fields[PART_NAME], part->fields[PART_INPUT],
			state_of(part) };
		++*at;
		return true;
	}
	return false;
}

bool
parts_asks(const struct parts *parts)
{
	for (size_t i = last_step(parts); i < parts->n; i++)
		if (parts->list[i].kind == PART_TOOL &&
			parts->list[i].state == PART_APPROVAL_REQUESTED)
			return true;
	return false;
}

bool
parts_has_call(const struct parts *parts, struct span call_id)
{
	return parts_find_call(parts, call_id) != NULL;
}

bool
parts_in_step(const struct parts *parts)
{
	return parts->in_step;
}
