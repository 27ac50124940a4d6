#include "wire/data_url.h"

#include "base/attr.h"
#include "base/hex.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#define SNIFF_LEN 12

/* ---- base64, standard or URL-safe; blanks are skipped and padding is
 * optional: what atob() accepts after the `ai` package has replaced - and _ */

static int
digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* Decodes at most *max* bytes. */
static bool
decode_base64(struct span text, size_t max, struct buf *out)
{
	unsigned bits = 0, n_bits = 0, digits = 0, padding = 0;
	size_t start = out->len;

	for (size_t i = 0; i < text.len && out->len - start < max; i++) {
		int value = digit(text.data[i]);

		if (is_blank(text.data[i]))
			continue;
		if (text.data[i] == '=' && ++padding <= 2)
			continue;
		if (value < 0 || padding > 0)
			return false;
		bits = (bits << 6 | (unsigned)value) & 0xffffff;
		n_bits += 6;
		digits++;
		if (n_bits >= 8) {
			n_bits -= 8;
			buf_putc(out, (char)(bits >> n_bits & 0xff));
		}
	}
	return out->len - start >= max ||
		(digits % 4 != 1 &&
			(padding == 0 || (digits + padding) % 4 == 0));
}

static bool
decode_escaped(struct span text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		int high = -1, low = -1;

		if (text.data[i] == '%' && i + 2 < text.len) {
			high = hex_digit(text.data[i + 1]);
			low = hex_digit(text.data[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			buf_putc(out, (char)(high << 4 | low));
			i += 2;
		} else {
			buf_putc(out, text.data[i]);
		}
	}
	return true;
}

bool
file_url_decode(const struct file_url *url, struct buf *out)
{
	if (url->source == FILE_BASE64)
		return decode_base64(url->content, SIZE_MAX, out);
	return url->source == FILE_ESCAPED && decode_escaped(url->content, out);
}

/* ---- URLs */

static struct file_url
split_data(struct span url)
{
	struct file_url split = { .source = FILE_UNKNOWN };
	const char *comma = memchr(url.data, ',', url.len);
	struct span head;
	const char *semicolon;

	if (comma == NULL)
		return split;
	head = (struct span){ url.data + 5, (size_t)(comma - url.data) - 5 };
	split.content = (struct span){ comma + 1,
		url.len - (size_t)(comma + 1 - url.data) };
	split.source = FILE_ESCAPED;
	if (head.len >= 7 &&
		strncasecmp(head.data + head.len - 7, ";base64", 7) == 0)
		split.source = FILE_BASE64;
	semicolon = memchr(head.data, ';', head.len);
	if (semicolon != NULL)
		head.len = (size_t)(semicolon - head.data);
	if (head.len > 0)
		split.type = head;
	return split;
}

struct file_url
file_url_split(struct span url)
{
	struct file_url split = { .source = FILE_UNKNOWN, .content = url };

	if (span_begins_as(url, "data:"))
		return split_data(url);
	if (span_begins_as(url, "http://") || span_begins_as(url, "https://"))
		split.source = FILE_REMOTE;
	else if (url.len > 0 && memchr(url.data, ':', url.len) == NULL)
		split.source = FILE_BASE64;
	return split;
}

/* ---- images */

static const struct {
	const char *type;
	const char *bytes; /* ? matches any byte */
	size_t len;
} images[] = {
	{ "image/gif", "GIF", 3 },
	{ "image/png", "\x89PNG", 4 },
	{ "image/jpeg", "\xff\xd8", 2 },
	{ "image/webp", "RIFF????WEBP", 12 },
	{ "image/bmp", "BM", 2 },
	{ "image/tiff", "II*\0", 4 },
	{ "image/tiff", "MM\0*", 4 },
	{ "image/avif",
		"\0\0\0\x20"
		"ftypavif",
		12 },
	{ "image/heic",
		"\0\0\0\x20"
		"ftypheic",
		12 },
};

static bool
matches(struct span start, const char *bytes, size_t len)
{
	if (start.len < len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != '?' && bytes[i] != start.data[i])
			return false;
	return true;
}

const char *
image_type(struct span base64)
{
	struct buf start = BUF_INIT;
	const char *type = NULL;

	decode_base64(base64, SNIFF_LEN, &start);
	for (size_t i = 0; i < LENGTH(images) && type == NULL; i++)
		if (matches(buf_span(&start), images[i].bytes, images[i].len))
			type = images[i].type;
	buf_free(&start);
	return type;
}

bool
image_is_rare(struct span type)
{
	static const char *const known[] = { "image/png", "image/jpeg",
		"image/jpg", "image/gif", "image/webp", "image/*" };

	for (size_t i = 0; i < LENGTH(known); i++)
		if (type.len == strlen(known[i]) &&
			strncasecmp(type.data, known[i], type.len) == 0)
			return false;
	return type.len > 6 && strncasecmp(type.data, "image/", 6) == 0;
}

/* ---- PDF */

/* The number of base64 digits decoded at once; a multiple of 4. */
#define WINDOW 65536u
/* A pattern of up to this many bytes may span two windows. */
#define OVERLAP 64u
/* A guess for scanned or drawn pages, if the file gives no count. */
#define PAGE_BYTES 50000u
/* A count implying smaller pages is implausible; ignore it. */
#define PAGE_BYTES_MIN 200u

static size_t
skip_blanks(struct span text, size_t at)
{
	while (at < text.len &&
		(is_blank(text.data[at]) || text.data[at] == '\0'))
		at++;
	return at;
}

/* Counts page objects and takes the largest count of a page tree; many files
 * hide both in compressed streams. */
static void
look_for_pages(struct span text, size_t *objects, size_t *count)
{
	static const char type[] = "/Type", tree[] = "/Count";
	size_t at, n;

	for (size_t i = 0; i + sizeof(tree) < text.len; i++) {
		if (text.data[i] != '/')
			continue;
		if (memcmp(text.data + i, type, sizeof(type) - 1) == 0) {
			at = skip_blanks(text, i + sizeof(type) - 1);
			*objects += text.len - at > 5 &&
				memcmp(text.data + at, "/Page", 5) == 0 &&
				text.data[at + 5] != 's';
		} else if (memcmp(text.data + i, tree, sizeof(tree) - 1) == 0) {
			at = skip_blanks(text, i + sizeof(tree) - 1);
			for (n = 0; at < text.len && n < 1000000 &&
				text.data[at] >= '0' && text.data[at] <= '9';
				at++)
				n = n * 10 + (size_t)(text.data[at] - '0');
			*count = MAX(*count, n);
		}
	}
}

unsigned
pdf_pages(struct span base64)
{
	size_t len = base64.len / 4 * 3, objects = 0, count = 0, pages;
	struct buf bytes = BUF_INIT;

	for (size_t at = 0; at < base64.len; at += WINDOW) {
		struct span window = { base64.data + at,
			MIN(WINDOW, base64.len - at) };

		(void)decode_base64(window, SIZE_MAX, &bytes);
		look_for_pages(buf_span(&bytes), &objects, &count);
		if (bytes.len > OVERLAP)
			buf_consume(&bytes, bytes.len - OVERLAP);
	}
	buf_free(&bytes);
	pages = MAX(objects, count);
	if (pages == 0 || pages > len / PAGE_BYTES_MIN + 1)
		pages = len / PAGE_BYTES + 1;
	return (unsigned)pages;
}
