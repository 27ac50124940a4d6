#include "responses/delta.h"

#include "wire/short_way.h"

struct found {
	struct span type, id, text; /* still escaped */
	int64_t index, content, summary; /* -1 if absent */
};

static struct found *
out_of(const struct short_scan *scan)
{
	return scan->out;
}

/* An id with escapes would need unescaping, so the long way takes it. */
static bool
read_plain(struct short_scan *scan, struct span *out)
{
	return short_string(scan, out) &&
		memchr(out->data, '\\', out->len) == NULL;
}

static bool
read_type(struct short_scan *scan)
{
	return read_plain(scan, &out_of(scan)->type);
}

static bool
read_id(struct short_scan *scan)
{
	return read_plain(scan, &out_of(scan)->id);
}

static bool
read_delta(struct short_scan *scan)
{
	return short_string(scan, &out_of(scan)->text);
}

static bool
read_index(struct short_scan *scan)
{
	return short_count(scan, &out_of(scan)->index);
}

static bool
read_content(struct short_scan *scan)
{
	return short_count(scan, &out_of(scan)->content);
}

static bool
read_summary(struct short_scan *scan)
{
	return short_count(scan, &out_of(scan)->summary);
}

static bool
read_logprobs(struct short_scan *scan)
{
	return short_null(scan) ||
		(short_take(scan, '[') && short_take(scan, ']'));
}

/* Sets the kind of the piece; false if it is none. */
static bool
read_kind(const struct found *found, struct responses_piece *out)
{
	if (span_is(found->type, "response.output_text.delta")) {
		out->kind = RESPONSES_MESSAGE;
		out->part = found->content;
		return true;
	}
	out->kind = RESPONSES_REASONING;
	if (span_is(found->type, "response.reasoning_summary_text.delta")) {
		out->part = found->summary;
		return true;
	}
	out->content = true;
	out->part = found->content;
	return span_is(found->type, "response.reasoning_text.delta");
}

bool
responses_delta_read(
	struct span data, struct buf *unescaped, struct responses_piece *out)
{
	static const struct short_member members[] = {
		SHORT_MEMBER("type", read_type),
		SHORT_MEMBER("sequence_number", short_number),
		SHORT_MEMBER("item_id", read_id),
		SHORT_MEMBER("output_index", read_index),
		SHORT_MEMBER("content_index", read_content),
		SHORT_MEMBER("summary_index", read_summary),
		SHORT_MEMBER("delta", read_delta),
		SHORT_MEMBER("logprobs", read_logprobs),
		SHORT_MEMBER("obfuscation", short_label),
	};
	struct found found = { .index = -1, .content = -1, .summary = -1 };
	struct short_scan scan = {
		.at = data.data, .end = data.data + data.len, .out = &found
	};

	*out = (struct responses_piece){ .index = -1 };
	if (!short_object(&scan, members, LENGTH(members)) ||
		!read_kind(&found, out))
		return false;
	short_blanks(&scan);
	out->id = found.id;
	out->index = found.index;
	out->part = out->part < 0 ? 0 : out->part;
	out->text = found.text;
	return scan.at == scan.end && short_unescape(&out->text, unescaped);
}
