#include "anthropic/delta.h"

#include "wire/short_way.h"

struct found {
	bool is_delta; /* the event is a block delta */
	int64_t index;
	struct span kind; /* the type of the delta */
	/* as they stand in the event, with escapes */
	struct span text, thinking;
};

static struct found *
out_of(const struct short_scan *scan)
{
	return scan->out;
}

static bool
read_type(struct short_scan *scan)
{
	struct span type;

	out_of(scan)->is_delta = short_string(scan, &type) &&
		span_is(type, "content_block_delta");
	return out_of(scan)->is_delta;
}

static bool
read_index(struct short_scan *scan)
{
	return short_count(scan, &out_of(scan)->index);
}

static bool
read_kind(struct short_scan *scan)
{
	return short_string(scan, &out_of(scan)->kind);
}

static bool
read_text(struct short_scan *scan)
{
	return short_string(scan, &out_of(scan)->text);
}

static bool
read_thinking(struct short_scan *scan)
{
	return short_string(scan, &out_of(scan)->thinking);
}

static bool
read_delta(struct short_scan *scan)
{
	static const struct short_member members[] = {
		SHORT_MEMBER("type", read_kind),
		SHORT_MEMBER("text", read_text),
		SHORT_MEMBER("thinking", read_thinking),
	};

	return short_object(scan, members, LENGTH(members));
}

bool
anthropic_delta_read(
	struct span data, struct buf *unescaped, struct anthropic_delta *out)
{
	static const struct short_member members[] = {
		SHORT_MEMBER("type", read_type),
		SHORT_MEMBER("index", read_index),
		SHORT_MEMBER("delta", read_delta),
	};
	struct found found = { .is_delta = false };
	struct short_scan scan = {
		.at = data.data, .end = data.data + data.len, .out = &found
	};
	bool text, thinking;

	if (!short_object(&scan, members, LENGTH(members)) || !found.is_delta)
		return false;
	short_blanks(&scan);
	text = span_is(found.kind, "text_delta") && found.thinking.data == NULL;
	thinking = span_is(found.kind, "thinking_delta") &&
		found.text.data == NULL;
	if (scan.at != scan.end || (!text && !thinking))
		return false;
	*out = (struct anthropic_delta){ found.index, found.text,
		found.thinking };
	return short_unescape(&out->text, unescaped) &&
		short_unescape(&out->thinking, unescaped);
}
