#include "api/figures.h"

#include <inttypes.h>
#include <string.h>

static const char *const type_words[] = { "gauge", "counter", "histogram" };

void
figures_head(
	struct buf *out, enum figure type, const char *name, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
		type_words[type]);
}

void
figures_line(
	struct buf *out, const char *name, const char *labels, uint64_t value)
{
	buf_puts(out, name);
	if (*labels != '\0')
		buf_printf(out, "{%s}", labels);
	buf_printf(out, " %" PRIu64 "\n", value);
}

void
figures_put(struct buf *out, enum figure type, const char *name,
	const char *help, uint64_t value)
{
	figures_head(out, type, name, help);
	figures_line(out, name, "", value);
}

void
figures_histogram(struct buf *out, const char *name, const char *labels,
	const struct histogram *histogram)
{
	const char *comma = *labels != '\0' ? "," : "";
	uint64_t n = 0, counts[HISTOGRAM_N + 1];

	for (unsigned i = 0; i <= HISTOGRAM_N; i++)
		n += counts[i] = histogram->counts[i];
	if (n == 0)
		return;
	n = 0;
	for (unsigned i = 0; i < HISTOGRAM_N; i++)
		buf_printf(out, "%s_bucket{%s%sle=\"%g\"} %" PRIu64 "\n", name,
			labels, comma, (double)histogram_ends_ms[i] / 1000,
			n += counts[i]);
	n += counts[HISTOGRAM_N];
	buf_printf(out, "%s_bucket{%s%sle=\"+Inf\"} %" PRIu64 "\n", name,
		labels, comma, n);
	buf_printf(out, "%s_sum%s%s%s %.3f\n", name, *labels != '\0' ? "{" : "",
		labels, *labels != '\0' ? "}" : "",
		(double)histogram->sum_ms / 1000);
	buf_printf(out, "%s_count%s%s%s %" PRIu64 "\n", name,
		*labels != '\0' ? "{" : "", labels, *labels != '\0' ? "}" : "",
		n);
}

/* ---- merging */

static const char help_word[] = "# HELP ";

struct family {
	struct family *next;
	struct span name;
	struct span head; /* the lines HELP and TYPE */
	struct buf lines;
};

/* The next line, including its newline. */
static struct span
next_line(struct span *text)
{
	const char *end = memchr(text->data, '\n', text->len);
	size_t len = end != NULL ? (size_t)(end + 1 - text->data) : text->len;
	struct span line = { text->data, len };

	text->data += len;
	text->len -= len;
	return line;
}

static struct family *
family_of(struct family **first, struct arena *arena, struct span help)
{
	struct family **link = first;
	struct span name = { help.data + sizeof(help_word) - 1, 0 };

	while (name.len < help.len - (sizeof(help_word) - 1) &&
		name.data[name.len] != ' ')
		name.len++;
	while (*link != NULL && !span_equal((*link)->name, name))
		link = &(*link)->next;
	if (*link == NULL) {
		*link = arena_alloc(arena, sizeof(**link));
		(*link)->name = name;
		(*link)->head = help;
	}
	return *link;
}

static void
sort_in(struct family **first, struct arena *arena, struct span text)
{
	struct family *family = NULL;
	struct span line;

	while (text.len > 0) {
		line = next_line(&text);
		if (span_begins(line, help_word)) {
			family = family_of(first, arena, line);
			/* The line TYPE follows. */
			line = next_line(&text);
			if (family->head.data + family->head.len == line.data)
				family->head.len += line.len;
		} else if (family != NULL) {
			buf_put_span(&family->lines, line);
		}
	}
}

void
figures_merge(struct buf *out, struct arena *arena, const struct span *texts,
	size_t n)
{
	struct family *first = NULL;

	for (size_t i = 0; i < n; i++)
		sort_in(&first, arena, texts[i]);
	for (struct family *f = first; f != NULL; f = f->next) {
		buf_put_span(out, f->head);
		buf_put_span(out, buf_span(&f->lines));
		buf_free(&f->lines);
	}
}
