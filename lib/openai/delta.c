#include "openai/delta.h"

#include "wire/short_way.h"

struct found {
	bool one_choice;
	struct span content, reasoning_content, reasoning; /* still escaped */
};

static struct found *
out_of(const struct short_scan *scan)
{
	return scan->out;
}

/* ---- values */

static bool
read_content(struct short_scan *scan)
{
	return short_text(scan, &out_of(scan)->content);
}

static bool
read_reasoning_content(struct short_scan *scan)
{
	return short_text(scan, &out_of(scan)->reasoning_content);
}

static bool
read_reasoning(struct short_scan *scan)
{
	return short_text(scan, &out_of(scan)->reasoning);
}

static bool
read_role(struct short_scan *scan)
{
	struct span role = { NULL, 0 };

	return short_text(scan, &role) &&
		(role.len == 0 || span_is(role, "assistant"));
}

static bool
read_delta(struct short_scan *scan)
{
	static const struct short_member members[] = {
		SHORT_MEMBER("content", read_content),
		SHORT_MEMBER("role", read_role),
		SHORT_MEMBER("reasoning_content", read_reasoning_content),
		SHORT_MEMBER("reasoning", read_reasoning),
		SHORT_MEMBER("refusal", short_null),
		SHORT_MEMBER("tool_calls", short_null),
		SHORT_MEMBER("function_call", short_null),
	};

	return short_object(scan, members, LENGTH(members));
}

static bool
read_choices(struct short_scan *scan)
{
	static const struct short_member members[] = {
		SHORT_MEMBER("index", short_zero),
		SHORT_MEMBER("delta", read_delta),
		SHORT_MEMBER("finish_reason", short_null),
		SHORT_MEMBER("native_finish_reason", short_null),
		SHORT_MEMBER("logprobs", short_null),
		SHORT_MEMBER("token_ids", short_null),
	};

	out_of(scan)->one_choice = short_take(scan, '[') &&
		short_object(scan, members, LENGTH(members)) &&
		short_take(scan, ']');
	return out_of(scan)->one_choice;
}

bool
openai_delta_read(
	struct span data, struct buf *unescaped, struct openai_delta *out)
{
	static const struct short_member members[] = {
		SHORT_MEMBER("id", short_label),
		SHORT_MEMBER("object", short_label),
		SHORT_MEMBER("created", short_number),
		SHORT_MEMBER("model", short_label),
		SHORT_MEMBER("choices", read_choices),
		SHORT_MEMBER("system_fingerprint", short_label),
		SHORT_MEMBER("service_tier", short_label),
		SHORT_MEMBER("provider", short_label),
		SHORT_MEMBER("usage", short_null),
		SHORT_MEMBER("obfuscation", short_label),
	};
	struct found found = { .one_choice = false };
	struct short_scan scan = {
		.at = data.data, .end = data.data + data.len, .out = &found
	};

	if (!short_object(&scan, members, LENGTH(members)) || !found.one_choice)
		return false;
	short_blanks(&scan);
	if (scan.at != scan.end)
		return false;
	*out = (struct openai_delta){ found.content,
		found.reasoning_content.len > 0 ? found.reasoning_content
						: found.reasoning };
	return short_unescape(&out->reasoning, unescaped) &&
		short_unescape(&out->content, unescaped);
}
