/* Takes the answers in a posted message for waiting calls of the stored one. */

#include "message/parts.h"

#include "base/mem.h"
#include "message/part.h"
#include "json/json.h"
#include "json/write.h"

#include <stdlib.h>

static int
compare_calls(const struct part *a, const struct part *b)
{
	int order = span_compare(a->fields[PART_ID], b->fields[PART_ID]);

	if (order == 0)
		order = span_compare(
			a->fields[PART_NAME], b->fields[PART_NAME]);
	return order != 0 ? order : a->dynamic - b->dynamic;
}

/* ---- waiting calls, sorted, so that each is found quickly */

struct waiting {
	struct part **list;
	size_t n;
};

static bool
waits(const struct part *part)
{
	return part->kind == PART_TOOL &&
		(part->state == PART_INPUT_AVAILABLE ||
			part->state == PART_APPROVAL_REQUESTED);
}

/* Equal calls stay in their order. */
static int
compare(const void *a, const void *b)
{
	struct part *const *first = a, *const *second = b;
	int order = compare_calls(*first, *second);

	return order != 0 ? order : (*first > *second) - (*first < *second);
}

static struct waiting
find_waiting(struct parts *parts)
{
	struct waiting waiting = { .list = mem_alloc(MAX(parts->n, (size_t)1) *
					   sizeof(*waiting.list)) };

	for (size_t i = 0; i < parts->n; i++)
		if (waits(&parts->list[i]))
			waiting.list[waiting.n++] = &parts->list[i];
	qsort(waiting.list, waiting.n, sizeof(*waiting.list), compare);
	return waiting;
}

/* The last waiting call that is the same as the posted one; NULL if there is
 * none. */
static struct part *
find_call(const struct waiting *waiting, const struct part *posted)
{
	size_t low = 0, high = waiting->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_calls(waiting->list[middle], posted) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low > 0 && compare_calls(waiting->list[low - 1], posted) == 0;
		low--)
		if (waits(waiting->list[low - 1]))
			return waiting->list[low - 1];
	return NULL;
}

/* ---- answers */

static bool
is_decision(const struct part *posted)
{
	return posted->state == PART_APPROVAL_RESPONDED ||
		posted->state == PART_OUTPUT_DENIED;
}

static bool
is_output(const struct part *posted)
{
	return posted->state == PART_OUTPUT_AVAILABLE ||
		posted->state == PART_OUTPUT_ERROR;
}

/* Whether both have the same approval id. */
static bool
same_approval(const struct part *call, const struct part *posted)
{
	struct arena arena = ARENA_INIT;
	struct span asked = json_raw_text(
		&arena, json_raw_get(call->fields[PART_APPROVAL], "id"));
	struct span given = json_raw_text(
		&arena, json_raw_get(posted->fields[PART_APPROVAL], "id"));
	bool same = asked.data != NULL && given.data != NULL &&
		span_equal(asked, given);

	arena_reset(&arena);
	return same;
}

static bool
may_answer(const struct parts_answers *answers, const struct part *call,
	const struct part *posted)
{
	bool asked = call->state == PART_APPROVAL_REQUESTED;
	bool ours = answers->tools != NULL &&
		answers->is_ours(answers->tools, call->fields[PART_NAME]);

	if (asked && !same_approval(call, posted))
		return false;
	if (ours)
		return answers->made && asked && is_decision(posted);
	/* Only our tools ask for approval; this one is not offered any more. */
	if (answers->made && asked)
		return is_decision(posted);
	return is_output(posted) || (asked && is_decision(posted));
}

/* Writes {id, approved, reason?} with our id; a denied call gets approved:
 * false. */
static void
set_approval(struct part *call, const struct part *posted)
{
	struct span given = posted->fields[PART_APPROVAL];
	struct span reason = json_raw_get(given, "reason");
	bool denied = posted->state == PART_OUTPUT_DENIED;
	struct buf approval = BUF_INIT;
	struct json_writer w = json_writer(&approval);

	json_open(&w, '{');
	json_member_raw(
		&w, "id", json_raw_get(call->fields[PART_APPROVAL], "id"));
	json_key(&w, "approved");
	json_put_bool(&w,
		!denied && span_is(json_raw_get(given, "approved"), "true"));
	if (json_raw_kind(reason) == JSON_TEXT)
		json_member_raw(&w, "reason", reason);
	json_close(&w, '}');
	part_set(call, PART_APPROVAL, buf_span(&approval));
	buf_free(&approval);
}

static void
take(struct parts *parts, struct part *call, const struct part *posted)
{
	static const enum part_field outcome[] = { PART_OUTPUT, PART_ERROR_TEXT,
		PART_PRELIMINARY, PART_RESULT_METADATA };

	if (call->state == PART_APPROVAL_REQUESTED)
		set_approval(call, posted);
	call->state = posted->state;
	part_set(call, PART_RAW, (struct span){ NULL, 0 });
	for (size_t i = 0; i < LENGTH(outcome) && is_output(posted); i++)
		part_set(call, outcome[i], posted->fields[outcome[i]]);
	parts->size += call->fields[PART_OUTPUT].len;
}

static enum err
answer_all(struct parts *parts, struct arena *arena,
	const struct parts_answers *answers, const struct waiting *waiting,
	size_t *n_answered)
{
	struct span item = { NULL, 0 };
	struct part posted, *call;
	enum err err = OK;

	while (err == OK && json_raw_next(answers->posted, &item)) {
		err = part_load(&posted, arena, item);
		call = err == OK && posted.kind == PART_TOOL
			? find_call(waiting, &posted)
			: NULL;
		if (call != NULL && may_answer(answers, call, &posted)) {
			take(parts, call, &posted);
			++*n_answered;
		}
		part_free(&posted);
	}
	return err;
}

enum err
parts_answer(struct parts *parts, struct arena *arena,
	const struct parts_answers *answers, size_t *n_answered)
{
	struct waiting waiting;
	enum err err;

	*n_answered = 0;
	TRY(json_check(answers->posted, JSON_DEPTH_MAX));
	waiting = find_waiting(parts);
	err = answer_all(parts, arena, answers, &waiting, n_answered);
	free(waiting.list);
	return err;
}
