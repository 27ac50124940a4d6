/* Makes a title of a model's answer. */

#include "llm/title.h"

#include "base/attr.h"
#include "json/line.h"
#include "json/utf8.h"

#include <string.h>
#include <strings.h>

/* How much of an answer is examined. A longer line is not a title: the model
 * has answered the question, or writes about its task. */
#define ANSWER_MAX ((size_t)4096)
#define LINE_MAX_CHARS 160
/* The limit of the column. */
#define CHARS_MAX 255

static struct span
inside(struct span text, size_t left, size_t right)
{
	return (struct span){ text.data + left, text.len - left - right };
}

static struct span
trim(struct span text)
{
	while (text.len > 0 && *text.data == ' ')
		text = inside(text, 1, 0);
	while (text.len > 0 && text.data[text.len - 1] == ' ')
		text = inside(text, 0, 1);
	return text;
}

/* Removes backticks and pairs of asterisks, which are Markdown anywhere. */
static void
put_line(struct buf *out, struct span line)
{
	for (size_t at = 0; at < line.len; at++) {
		if (span_begins(inside(line, at, 0), "**"))
			at++;
		else if (line.data[at] != '`')
			buf_putc(out, line.data[at]);
	}
}

/* ---- decoration around a title */

static struct span
without_quotes(struct span text)
{
	static const char *const pairs[][2] = { { "\"", "\"" }, { "'", "'" },
		{ "“", "”" }, { "„", "“" }, { "„", "”" }, { "”", "”" },
		{ "‘", "’" }, { "«", "»" }, { "»", "«" }, { "「", "」" },
		{ "『", "』" }, { "《", "》" }, { "*", "*" }, { "_", "_" } };

	for (size_t i = 0; i < LENGTH(pairs); i++)
		if (span_begins(text, pairs[i][0]) &&
			span_ends(text, pairs[i][1]) &&
			text.len >= strlen(pairs[i][0]) + strlen(pairs[i][1]))
			return trim(inside(text, strlen(pairs[i][0]),
				strlen(pairs[i][1])));
	return text;
}

/* Removes marks of headings, quotations and list items. */
static struct span
without_marks(struct span text)
{
	static const char *const marks[] = { "> ", "- ", "* ", "+ ", "• " };
	size_t n = 0;

	while (n < text.len && text.data[n] == '#')
		n++;
	if (n > 0 && n < text.len && text.data[n] == ' ')
		return trim(inside(text, n, 0));
	for (size_t i = 0; i < LENGTH(marks); i++)
		if (span_begins(text, marks[i]))
			return trim(inside(text, strlen(marks[i]), 0));
	return text;
}

/* Removes "Title:", in the languages in which models write it. */
static struct span
without_label(struct span text)
{
	static const char *const labels[] = { "title", "chat title",
		"conversation title", "suggested title", "titel", "titre",
		"título", "titulo", "titolo", "标题", "標題", "题目",
		"タイトル", "제목", "заголовок", "Заголовок" };

	for (size_t i = 0; i < LENGTH(labels); i++) {
		size_t len = strlen(labels[i]);
		struct span rest;

		if (text.len < len ||
			strncasecmp(text.data, labels[i], len) != 0)
			continue;
		rest = trim(inside(text, len, 0));
		if (span_begins(rest, ":"))
			return trim(inside(rest, 1, 0));
		if (span_begins(rest, "："))
			return trim(inside(rest, strlen("："), 0));
	}
	return text;
}

/* Removes a full stop, but not that of an abbreviation nor an ellipsis; cuts
 * off the rest of a longer text. */
static struct span
without_stop(struct span text)
{
	if (span_ends(text, "。"))
		return trim(inside(text, 0, strlen("。")));
	if (span_ends(text, ",") || span_ends(text, ";"))
		return trim(inside(text, 0, 1));
	if (span_ends(text, ".") &&
		memchr(text.data, '.', text.len - 1) == NULL)
		return trim(inside(text, 0, 1));
	return text;
}

static struct span
bare(struct span text)
{
	size_t len;

	text = trim(text);
	do {
		len = text.len;
		text = without_label(without_marks(without_quotes(text)));
		text = without_stop(text);
	} while (text.len < len);
	return text;
}

/* ---- choosing the line */

static bool
has_words(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c >= 0x80 || (c >= '0' && c <= '9') ||
			((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
			return true;
	}
	return false;
}

/* "Here is a title:" and "```" are not titles, but the next line may be one. */
static bool
is_title(struct span line, bool fence)
{
	return !fence && has_words(line) && !span_ends(line, ":") &&
		!span_ends(line, "：");
}

struct span
llm_title_clean(struct arena *arena, struct span answer)
{
	struct span title = { NULL, 0 };
	struct buf text = BUF_INIT;

	answer.len = MIN(answer.len, ANSWER_MAX);
	while (answer.len > 0 && title.data == NULL) {
		const char *end = memchr(answer.data, '\n', answer.len);
		size_t len =
			end != NULL ? (size_t)(end - answer.data) : answer.len;
		struct span raw = { answer.data, len }, line;

		buf_clear(&text);
		put_line(&text, raw);
		line = bare(line_seen(arena, buf_span(&text)));
		if (is_title(line, span_begins(raw, "```"))) {
			if (utf8_length(line) > LINE_MAX_CHARS)
				break;
			title = line_cut(arena, line, LLM_TITLE_MAX, CHARS_MAX);
		}
		answer = inside(answer, MIN(len + 1, answer.len), 0);
	}
	buf_free(&text);
	return title;
}
