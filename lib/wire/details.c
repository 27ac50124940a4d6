#include "wire/details.h"

#include "base/attr.h"
#include "base/mem.h"
#include "json/write.h"

#include <stdlib.h>

/* A member of a detail: a growing text, or JSON. */
struct member {
	struct buf key, value;
	bool text;
};

struct detail {
	struct member *members;
	size_t n;
};

/* The memory of a member in addition to its bytes. */
#define MEMBER_COST sizeof(struct member)

/* Every fragment looks for each of its members; details have some eight. */
#define MEMBERS_MAX 64

static bool
grows(struct span key)
{
	return span_is(key, "text") || span_is(key, "summary");
}

static struct member *
find(const struct detail *detail, struct span key)
{
	for (size_t i = 0; i < detail->n; i++)
		if (span_equal(buf_span(&detail->members[i].key), key))
			return &detail->members[i];
	return NULL;
}

/* Whether the detail has this value for *key*; both may be missing. */
static bool
same(const struct detail *detail, const char *key, const struct json *fragment)
{
	const struct member *member = find(detail, span_of(key));
	const struct json *value = json_get(fragment, key);
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	bool equal;

	if (json_kind(value) <= JSON_NULL || member == NULL)
		return member == NULL || span_is(span_of(key), "id");
	json_put(&w, value);
	equal = span_equal(buf_span(&text), buf_span(&member->value));
	buf_free(&text);
	return equal;
}

static bool
continues(const struct detail *detail, const struct json *fragment)
{
	return same(detail, "type", fragment) &&
		same(detail, "index", fragment) &&
		same(detail, "id", fragment) &&
		find(detail, span_of("data")) == NULL &&
		json_get(fragment, "data") == NULL;
}

static struct member *
push_member(struct detail *detail, struct span key)
{
	struct member *member;

	detail->members = mem_realloc(
		detail->members, (detail->n + 1) * sizeof(*detail->members));
	member = &detail->members[detail->n++];
	*member = (struct member){ .text = false };
	buf_put_span(&member->key, key);
	return member;
}

static void
take_member(struct details *details, struct detail *detail, struct span key,
	const struct json *value)
{
	struct member *member = find(detail, key);
	struct json_writer w;

	if (member != NULL ? json_kind(value) == JSON_NULL
			   : detail->n == MEMBERS_MAX)
		return;
	if (member == NULL) {
		member = push_member(detail, key);
		details->size += key.len + MEMBER_COST;
	}
	details->size -= member->value.len;
	if (grows(key) && json_kind(value) == JSON_TEXT) {
		if (!member->text)
			buf_clear(&member->value);
		member->text = true;
		buf_put_span(&member->value, json_text(value));
	} else if (!member->text) {
		buf_clear(&member->value);
		w = json_writer(&member->value);
		json_put(&w, value);
	}
	details->size += member->value.len;
}

static void
add(struct details *details, const struct json *fragment)
{
	struct detail *last =
		details->n > 0 ? &details->list[details->n - 1] : NULL;
	const struct json *value;
	struct span key;
	size_t at = 0;

	if (json_kind(fragment) != JSON_OBJECT)
		return;
	if (last == NULL || !continues(last, fragment)) {
		details->list = mem_realloc(details->list,
			(details->n + 1) * sizeof(*details->list));
		last = &details->list[details->n++];
		*last = (struct detail){ .members = NULL };
		details->size += sizeof(*last);
	}
	while (json_next(fragment, &at, &key, &value))
		take_member(details, last, key, value);
}

void
details_add(struct details *details, const struct json *fragments)
{
	if (json_kind(fragments) != JSON_ARRAY)
		return;
	for (size_t i = 0; i < json_length(fragments); i++)
		add(details, json_at(fragments, i));
}

static void
write_detail(const struct detail *detail, struct json_writer *w)
{
	json_open(w, '{');
	for (size_t i = 0; i < detail->n; i++) {
		const struct member *member = &detail->members[i];

		json_key_span(w, buf_span(&member->key));
		if (member->text)
			json_put_text(w, buf_span(&member->value));
		else
			json_put_raw(w, buf_span(&member->value));
	}
	json_close(w, '}');
}

void
details_write(const struct details *details, struct buf *out)
{
	struct json_writer w = json_writer(out);

	if (details->n == 0)
		return;
	json_open(&w, '[');
	for (size_t i = 0; i < details->n; i++)
		write_detail(&details->list[i], &w);
	json_close(&w, ']');
}

void
details_free(struct details *details)
{
	for (size_t i = 0; i < details->n; i++) {
		struct detail *detail = &details->list[i];

		for (size_t k = 0; k < detail->n; k++) {
			buf_free(&detail->members[k].key);
			buf_free(&detail->members[k].value);
		}
		free(detail->members);
	}
	free(details->list);
	*details = (struct details){ .list = NULL };
}

void
details_text(const struct json *fragments, struct buf *out)
{
	static const char *const keys[] = { "text", "summary" };

	for (size_t i = 0; i < json_length(fragments); i++)
		for (size_t k = 0; k < LENGTH(keys); k++)
			buf_put_span(out,
				json_text(json_get(
					json_at(fragments, i), keys[k])));
}
