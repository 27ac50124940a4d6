#include "gemini/delta.h"

#include "wire/short_way.h"

#include <string.h>

#define DIGITS_MAX 15

struct found {
	bool candidate;
	struct gemini_delta delta; /* its text is still escaped */
};

static struct found *
out_of(const struct short_scan *scan)
{
	return scan->out;
}

/* ---- the part */

static bool
read_text(struct short_scan *scan)
{
	return short_string(scan, &out_of(scan)->delta.text);
}

static bool
read_thought(struct short_scan *scan)
{
	short_blanks(scan);
	if (scan->end - scan->at < 4 || memcmp(scan->at, "true", 4) != 0)
		return false;
	scan->at += 4;
	out_of(scan)->delta.thought = true;
	return true;
}

static bool
read_parts(struct short_scan *scan)
{
	static const struct short_member members[] = {
		SHORT_MEMBER("text", read_text),
		SHORT_MEMBER("thought", read_thought),
	};

	return short_take(scan, '[') &&
		short_object(scan, members, LENGTH(members)) &&
		short_take(scan, ']');
}

static bool
read_content(struct short_scan *scan)
{
	static const struct short_member members[] = {
		SHORT_MEMBER("parts", read_parts),
		SHORT_MEMBER("role", short_label),
	};

	return short_object(scan, members, LENGTH(members));
}

static bool
read_candidates(struct short_scan *scan)
{
	static const struct short_member members[] = {
		SHORT_MEMBER("content", read_content),
		SHORT_MEMBER("index", short_zero),
	};

	out_of(scan)->candidate = short_take(scan, '[') &&
		short_object(scan, members, LENGTH(members)) &&
		short_take(scan, ']');
	return out_of(scan)->candidate;
}

/* ---- the counts */

/* Like short_number(), but returns the value. */
static bool
read_count(struct short_scan *scan, int64_t *out)
{
	int64_t count = 0;
	const char *begin;

	short_blanks(scan);
	begin = scan->at;
	for (; scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9';
		scan->at++) {
		if (scan->at - begin == DIGITS_MAX)
			return false;
		count = count * 10 + (*scan->at - '0');
	}
	if (scan->at == begin || (*begin == '0' && scan->at - begin > 1))
		return false;
	*out = count;
	return true;
}

static bool
read_prompt(struct short_scan *scan)
{
	return read_count(scan, &out_of(scan)->delta.counts.prompt);
}

static bool
read_words(struct short_scan *scan)
{
	return read_count(scan, &out_of(scan)->delta.counts.words);
}

static bool
read_thoughts(struct short_scan *scan)
{
	return read_count(scan, &out_of(scan)->delta.counts.thoughts);
}

static bool
read_cached(struct short_scan *scan)
{
	return read_count(scan, &out_of(scan)->delta.counts.cached);
}

static bool
read_total(struct short_scan *scan)
{
	return read_count(scan, &out_of(scan)->delta.counts.total);
}

/* Counts by kind of content: [{"modality":"TEXT","tokenCount":8}] */
static bool
read_details(struct short_scan *scan)
{
	static const struct short_member members[] = {
		SHORT_MEMBER("modality", short_label),
		SHORT_MEMBER("tokenCount", short_number),
	};

	if (!short_take(scan, '['))
		return false;
	do {
		if (!short_object(scan, members, LENGTH(members)))
			return false;
	} while (short_take(scan, ','));
	return short_take(scan, ']');
}

static bool
read_usage(struct short_scan *scan)
{
	static const struct short_member members[] = {
		SHORT_MEMBER("promptTokenCount", read_prompt),
		SHORT_MEMBER("candidatesTokenCount", read_words),
		SHORT_MEMBER("totalTokenCount", read_total),
		SHORT_MEMBER("promptTokensDetails", read_details),
		SHORT_MEMBER("thoughtsTokenCount", read_thoughts),
		SHORT_MEMBER("cachedContentTokenCount", read_cached),
		SHORT_MEMBER("cacheTokensDetails", read_details),
		SHORT_MEMBER("candidatesTokensDetails", read_details),
		SHORT_MEMBER("trafficType", short_label),
		SHORT_MEMBER("serviceTier", short_label),
	};

	return short_object(scan, members, LENGTH(members));
}

/* ---- the event */

bool
gemini_delta_read(
	struct span data, struct buf *unescaped, struct gemini_delta *out)
{
	static const struct short_member members[] = {
		SHORT_MEMBER("candidates", read_candidates),
		SHORT_MEMBER("usageMetadata", read_usage),
		SHORT_MEMBER("modelVersion", short_label),
		SHORT_MEMBER("responseId", short_label),
		SHORT_MEMBER("createTime", short_label),
	};
	struct found found = { .delta.counts = GEMINI_COUNTS_NONE };
	struct short_scan scan = {
		.at = data.data, .end = data.data + data.len, .out = &found
	};

	if (!short_object(&scan, members, LENGTH(members)) || !found.candidate)
		return false;
	short_blanks(&scan);
	if (scan.at != scan.end)
		return false;
	*out = found.delta;
	return short_unescape(&out->text, unescaped);
}
