#include "wire/failure_log.h"

#include "base/attr.h"
#include "json/json.h"
#include "json/utf8.h"
#include "json/write.h"

#include <ctype.h>
#include <string.h>

/* Every piece of a user's text of this length is hidden. */
#define WINDOW 8
/* Every piece of our key of this length is hidden; a key shorter than PIECES_OF
 * only as a whole. */
#define PIECE 4
#define PIECES_OF 16
/* Longer quotations and JSON values reveal what was sent. */
#define QUOTATION_MAX 40
#define JSON_MAX 24
/* A longer run of letters and digits is not a word. */
#define RUN_MAX 24

#define TEXT_MAX 2048

struct text {
	struct span is; /* escaped, as in the request */
	bool hidden[TEXT_MAX];
};

static void
hide(struct text *text, size_t from, size_t len)
{
	for (size_t i = from; i < text->is.len && i < from + len; i++)
		text->hidden[i] = true;
}

/* ---- the text of users */

#define SLOTS 4096u

static unsigned
slot_of(const char *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return word * 2654435761u >> 20;
}

struct windows {
	bool any[SLOTS]; /* indexed by a hash of the first four bytes */
	struct text *text;
};

static void
find_in(struct windows *windows, struct span said)
{
	struct text *text = windows->text;

	for (size_t i = 0; i + WINDOW <= said.len; i++) {
		if (!windows->any[slot_of(said.data + i)])
			continue;
		for (size_t at = 0; at + WINDOW <= text->is.len; at++)
			if (memcmp(text->is.data + at, said.data + i, WINDOW) ==
				0)
				hide(text, at, WINDOW);
	}
}

/* Finds the next string of *json*, with escapes; advances *json* past it. */
static bool
next_string(struct span *json, struct span *out)
{
	const char *end = json->data + json->len, *at;
	const char *quote = memchr(json->data, '"', json->len);

	if (quote == NULL)
		return false;
	for (at = quote + 1; at < end && *at != '"'; at++)
		if (*at == '\\')
			at++;
	if (at >= end)
		return false;
	*out = (struct span){ quote + 1, (size_t)(at - quote - 1) };
	*json = (struct span){ at + 1, (size_t)(end - at - 1) };
	return true;
}

/* Members whose values belong to the protocol. */
static bool
is_protocol(struct span key)
{
	static const char *const keys[] = { "role", "type", "name", "id",
		"tool_call_id", "detail", "format" };

	for (size_t i = 0; i < LENGTH(keys); i++)
		if (span_is(key, keys[i]))
			return true;
	return false;
}

/* Short gaps between two hidden parts are hidden, too. */
static void
close_gaps(struct text *text)
{
	size_t last = SIZE_MAX;

	for (size_t i = 0; i < text->is.len; i++) {
		if (!text->hidden[i])
			continue;
		if (last != SIZE_MAX && i - last <= WINDOW)
			hide(text, last, i - last);
		last = i;
	}
}

static void
hide_conversation(struct text *text, struct span request)
{
	struct windows windows = { .text = text };
	struct span json = json_raw_get(request, "messages"), string;
	struct span key = { NULL, 0 };

	for (size_t i = 0; i + WINDOW <= text->is.len; i++)
		windows.any[slot_of(text->is.data + i)] = true;
	while (json.len > 0 && next_string(&json, &string)) {
		if (json.len > 0 && *json.data == ':')
			key = string;
		else if (!is_protocol(key))
			find_in(&windows, string);
	}
	close_gaps(text);
}

/* ---- quotations */

static bool
opens(struct span text, size_t i, char *close)
{
	char c = text.data[i];

	*close = c == '{' ? '}' : c == '[' ? ']' : c;
	if (strchr("\"`{", c) != NULL)
		return c != '\0';
	if (c == '[')
		return i + 1 < text.len && strchr("{\"'[", text.data[i + 1]);
	/* An apostrophe is not a quotation mark. */
	return c == '\'' &&
		(i == 0 || !isalnum((unsigned char)text.data[i - 1]));
}

/* JSON contains closing marks itself, so the last one counts. */
static void
hide_quotations(struct text *text)
{
	struct span is = text->is;
	const char *end;
	char close;

	for (size_t i = 0; i < is.len; i++) {
		const char *from = is.data + i + 1;
		size_t rest = is.len - i - 1, len = rest;
		bool json;

		if (!opens(is, i, &close))
			continue;
		json = close != is.data[i];
		end = json ? memrchr(from, close, rest)
			   : memchr(from, close, rest);
		if (end != NULL)
			len = (size_t)(end - from);
		if (len > (json ? JSON_MAX : QUOTATION_MAX))
			hide(text, i + 1, len);
		if (end != NULL)
			i += len + 1;
	}
}

/* ---- keys */

static bool
in_key(char c)
{
	return isalnum((unsigned char)c) || strchr("-_.*", c) != NULL;
}

static void
hide_own_key(struct text *text, struct span key)
{
	size_t piece = key.len >= PIECES_OF ? PIECE : key.len;

	for (size_t k = 0; piece > 0 && k + piece <= key.len; k++)
		for (size_t i = 0; i + piece <= text->is.len; i++)
			if (memcmp(text->is.data + i, key.data + k, piece) == 0)
				hide(text, i, piece);
}

/* *keys* are lines. */
static void
hide_own_keys(struct text *text, const char *keys)
{
	size_t len;

	for (; *keys != '\0'; keys += len + (keys[len] == '\n')) {
		len = strcspn(keys, "\n");
		hide_own_key(text, (struct span){ keys, len });
	}
}

/* Hides what follows *mark* up to the end of the word. */
static void
hide_after(struct text *text, const char *mark, bool with_mark)
{
	size_t len = strlen(mark), from, to;

	for (size_t i = 0; i + len <= text->is.len; i++) {
		if (strncasecmp(text->is.data + i, mark, len) != 0 ||
			(with_mark && i > 0 &&
				isalnum((unsigned char)text->is.data[i - 1])))
			continue;
		from = to = i + len;
		while (to < text->is.len && in_key(text->is.data[to]))
			to++;
		if (to - from >= 4 || !with_mark)
			hide(text, with_mark ? i : from,
				to - (with_mark ? i : from));
	}
}

static void
hide_runs(struct text *text)
{
	size_t len = 0, digits = 0;

	for (size_t i = 0; i <= text->is.len; i++) {
		unsigned char c =
			i < text->is.len ? (unsigned char)text->is.data[i] : 0;

		if (isalnum(c)) {
			len++;
			digits += isdigit(c) != 0;
			continue;
		}
		if (len >= RUN_MAX && digits > 0)
			hide(text, i - len, len);
		len = digits = 0;
	}
}

/* Hides a name and a password in an address. */
static void
hide_user(struct text *text)
{
	for (size_t i = 0; i + 3 < text->is.len; i++) {
		size_t to = i + 3;

		if (memcmp(text->is.data + i, "://", 3) != 0)
			continue;
		while (to < text->is.len &&
			strchr("@/ \"'", text->is.data[to]) == NULL)
			to++;
		if (to < text->is.len && text->is.data[to] == '@')
			hide(text, i + 3, to - i - 3);
	}
}

static void
hide_keys(struct text *text, const char *keys)
{
	static const char *const before[] = { "bearer ", "basic ",
		"key=", "token=", "secret=", "password=", "signature=" };
	static const char *const begin[] = { "sk-", "pk-", "rk-", "gsk_",
		"xai-", "AIza", "hf_", "r8_", "nvapi-", "ghp_", "eyJ", "key-",
		"pplx-", "csk-", "fw_", "tgp_", "AKIA" };

	hide_own_keys(text, keys);
	for (size_t i = 0; i < LENGTH(before); i++)
		hide_after(text, before[i], false);
	for (size_t i = 0; i < LENGTH(begin); i++)
		hide_after(text, begin[i], true);
	hide_runs(text);
	hide_user(text);
}

/* ---- the line */

/* C1 control characters are two bytes long in UTF-8, and terminals obey
 * them. */
static size_t
put_char(struct buf *out, struct span rest)
{
	size_t bad, len = utf8_char(rest, &bad);
	unsigned char second;

	if (len == 0)
		len = 1;
	second = len == 2 ? (unsigned char)rest.data[1] : 0xff;
	if (*rest.data == '\xc2' && second < 0xa0)
		buf_printf(out, "\\u%04x", second);
	else if (*rest.data == 0x7f)
		buf_puts(out, "\\u007f");
	else
		buf_append(out, rest.data, len);
	return len;
}

static void
put_text(struct buf *out, const struct text *text)
{
	size_t begin = out->len, i = 0;

	while (i < text->is.len) {
		if (out->len - begin >= FAILURE_LOG_MAX - 8) {
			buf_puts(out, "...");
			return;
		}
		if (!text->hidden[i]) {
			i += put_char(out,
				(struct span){
					text->is.data + i, text->is.len - i });
			continue;
		}
		buf_puts(out, "***");
		while (i < text->is.len && text->hidden[i])
			i++;
		/* Skips the rest of a character that is partly hidden. */
		while (i < text->is.len && (text->is.data[i] & 0xc0) == 0x80)
			i++;
	}
}

void
failure_log_put(struct buf *out, const char *message, const char *keys,
	struct span request)
{
	struct text text = { .is = { NULL, 0 } };
	struct buf repaired = BUF_INIT, quoted = BUF_INIT;

	utf8_repair(&repaired, span_of(message));
	json_quote(&quoted, buf_span(&repaired));
	text.is = (struct span){ quoted.data + 1,
		MIN(quoted.len - 2, (size_t)TEXT_MAX) };
	if (request.data != NULL)
		hide_conversation(&text, request);
	else
		text.is.len =
			MIN(text.is.len, strcspn(text.is.data, "\"\\'`:{["));
	hide_quotations(&text);
	hide_keys(&text, keys);
	put_text(out, &text);
	buf_free(&repaired);
	buf_free(&quoted);
}
