#include "vector.h"

#include "../unit.h"
#include "base/file.h"
#include "json/write.h"

#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX ((size_t)64 << 20)

static const char *
folder(void)
{
	const char *path = getenv("VECTORS");

	return path != NULL ? path : "tests/vectors";
}

struct span
vector_file(struct arena *arena, const char *name, const char *file)
{
	char *path = arena_printf(arena, "%s/%s/%s", folder(), name, file);
	struct span text;
	enum err err = file_read(arena, path, FILE_MAX, &text);

	if (err == ERR_NOT_FOUND)
		return (struct span){ NULL, 0 };
	assert_int_equal(err, OK);
	return text;
}

struct span
vector_v6(struct arena *arena, const char *name, const char *stem,
	const char *ext)
{
	struct span text = vector_file(
		arena, name, arena_printf(arena, "%s%s", stem, ext));

	if (text.data != NULL)
		return text;
	return vector_file(
		arena, name, arena_printf(arena, "%s.v6%s", stem, ext));
}

const struct json *
vector_json(struct arena *arena, struct span text)
{
	const struct json *json;

	assert_int_equal(json_parse_loose(arena, text, &json), OK);
	return json;
}

void
vector_each(const char *kind, void (*each)(const char *name))
{
	struct arena arena = ARENA_INIT;
	const struct json *index, *item;
	size_t n = 0;

	index = vector_json(&arena, vector_file(&arena, ".", "INDEX.json"));
	for (size_t i = 0; i < json_length(index); i++) {
		item = json_at(index, i);
		if (!span_is(json_text(json_get(item, "kind")), kind))
			continue;
		each(json_str(json_get(item, "name")));
		n++;
	}
	assert_true(n > 0);
	arena_reset(&arena);
}

struct member {
	struct span key;
	const struct json *value;
};

static int
by_key(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	size_t len = MIN(x->key.len, y->key.len);
	int order = memcmp(x->key.data, y->key.data, len);

	return order != 0
		? order
		: (x->key.len > y->key.len) - (x->key.len < y->key.len);
}

static void
write_sorted(struct json_writer *w, const struct json *value)
{
	size_t n = json_length(value), at = 0, i = 0;
	struct member *members;

	if (json_kind(value) == JSON_ARRAY) {
		json_open(w, '[');
		for (i = 0; i < n; i++)
			write_sorted(w, json_at(value, i));
		json_close(w, ']');
	} else if (json_kind(value) == JSON_OBJECT) {
		members = calloc(n + 1, sizeof(*members));
		assert_non_null(members);
		while (json_next(
			value, &at, &members[i].key, &members[i].value))
			i++;
		qsort(members, n, sizeof(*members), by_key);
		json_open(w, '{');
		for (i = 0; i < n; i++) {
			json_key_span(w, members[i].key);
			write_sorted(w, members[i].value);
		}
		json_close(w, '}');
		free(members);
	} else {
		json_put(w, value);
	}
}

void
canonical(struct buf *out, const struct json *value)
{
	struct json_writer w = json_writer(out);

	write_sorted(&w, value);
}

void
assert_same_json(const char *what, struct span actual, struct span expected)
{
	struct buf a = BUF_INIT, e = BUF_INIT;
	struct arena arena = ARENA_INIT;

	canonical(&a, vector_json(&arena, actual));
	canonical(&e, vector_json(&arena, expected));
	if (strcmp(buf_str(&a), buf_str(&e)) != 0)
		fail_msg("%s\nactual   %s\nexpected %s", what, buf_str(&a),
			buf_str(&e));
	buf_free(&a);
	buf_free(&e);
	arena_reset(&arena);
}
