#include "base/zone_private.h"

#include "base/arena.h"
#include "base/file.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define FOLDER "/usr/share/zoneinfo/"
#define NAME_MAX_LEN 64
#define FILE_MAX ((size_t)256 << 10)
#define HEADER_LEN 44
#define DAY_S INT64_C(86400)

/* ---- the file: a header and data with 32-bit times, then both with 64-bit
 * times, then the rule between two newlines */

struct counts {
	size_t utc, standard, leaps, times, types, chars;
};

struct reader {
	const unsigned char *at;
	size_t left;
};

static bool
take(struct reader *r, size_t len, const unsigned char **out)
{
	if (r->left < len)
		return false;
	*out = r->at;
	r->at += len;
	r->left -= len;
	return true;
}

static uint32_t
big32(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
		(uint32_t)bytes[2] << 8 | bytes[3];
}

static int64_t
big64(const unsigned char *bytes)
{
	return (int64_t)((uint64_t)big32(bytes) << 32 | big32(bytes + 4));
}

static bool
take_header(struct reader *r, struct counts *out)
{
	const unsigned char *h;

	if (!take(r, HEADER_LEN, &h) || memcmp(h, "TZif", 4) != 0 || h[4] < '2')
		return false;
	*out = (struct counts){ big32(h + 20), big32(h + 24), big32(h + 28),
		big32(h + 32), big32(h + 36), big32(h + 40) };
	return out->types > 0 && out->types <= 256 && out->times < 65536 &&
		out->chars < 65536 && out->leaps < 65536 &&
		out->utc <= out->types && out->standard <= out->types;
}

/* The length of what follows the types: names, leap seconds, flags. */
static size_t
rest_len(const struct counts *n, size_t time_len)
{
	return n->chars + n->leaps * (time_len + 4) + n->standard + n->utc;
}

struct transitions {
	const unsigned char *times, *indices, *types;
	struct counts n;
};

static int32_t
type_offset(const struct transitions *t, size_t type)
{
	return (int32_t)big32(t->types + 6 * type);
}

/* The offset at a moment before the last transition. */
static enum err
listed_offset(const struct transitions *t, int64_t at_s, int32_t *out)
{
	size_t low = 0, high = t->n.times;
	size_t type = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (big64(t->times + 8 * middle) <= at_s)
			low = middle + 1;
		else
			high = middle;
	}
	if (low > 0)
		type = t->indices[low - 1];
	if (type >= t->n.types)
		return ERR_INVALID;
	*out = type_offset(t, type);
	return OK;
}

static enum err
take_rule(struct reader *r, struct span *out)
{
	const unsigned char *newline;

	if (r->left < 2 || *r->at != '\n')
		return ERR_INVALID;
	newline = memchr(r->at + 1, '\n', r->left - 1);
	if (newline == NULL)
		return ERR_INVALID;
	*out = (struct span){ (const char *)r->at + 1,
		(size_t)(newline - r->at) - 1 };
	return OK;
}

enum err
zone_read(struct span file, int64_t at_s, int32_t *out)
{
	struct reader r = { (const unsigned char *)file.data, file.len };
	struct transitions t;
	const unsigned char *skipped;
	struct span rule;

	if (!take_header(&r, &t.n) ||
		!take(&r, t.n.times * 5 + t.n.types * 6 + rest_len(&t.n, 4),
			&skipped) ||
		!take_header(&r, &t.n) || !take(&r, t.n.times * 8, &t.times) ||
		!take(&r, t.n.times, &t.indices) ||
		!take(&r, t.n.types * 6, &t.types) ||
		!take(&r, rest_len(&t.n, 8), &skipped))
		return ERR_INVALID;
	TRY(take_rule(&r, &rule));
	if (rule.len > 0 &&
		(t.n.times == 0 ||
			big64(t.times + 8 * (t.n.times - 1)) <= at_s))
		return zone_rule(rule, at_s, out);
	return listed_offset(&t, at_s, out);
}

/* ---- the rule */

struct cursor {
	const char *at, *end;
};

/* A day of the year and the second within it: "M10.5.0/3". */
struct change {
	int month, week, day;
	int64_t second;
};

static bool
eat(struct cursor *c, char wanted)
{
	if (c->at == c->end || *c->at != wanted)
		return false;
	c->at++;
	return true;
}

static bool
eat_name(struct cursor *c)
{
	const char *first = c->at;
	bool quoted = eat(c, '<');

	while (c->at < c->end &&
		(quoted ? *c->at != '>' : isalpha((unsigned char)*c->at)))
		c->at++;
	return quoted ? eat(c, '>') : c->at - first >= 3;
}

static bool
eat_number(struct cursor *c, int max, int *out)
{
	const char *first = c->at;

	*out = 0;
	while (c->at < c->end && isdigit((unsigned char)*c->at) && *out <= max)
		*out = *out * 10 + (*c->at++ - '0');
	return c->at > first && *out <= max;
}

/* [+-]hh[:mm[:ss]] */
static bool
eat_time(struct cursor *c, int64_t *out)
{
	bool negative = eat(c, '-');
	int hours, minutes = 0, seconds = 0;

	if (!negative)
		eat(c, '+');
	if (!eat_number(c, 167, &hours) ||
		(eat(c, ':') && !eat_number(c, 59, &minutes)) ||
		(eat(c, ':') && !eat_number(c, 59, &seconds)))
		return false;
	*out = hours * INT64_C(3600) + minutes * INT64_C(60) + seconds;
	if (negative)
		*out = -*out;
	return true;
}

static bool
eat_change(struct cursor *c, struct change *out)
{
	out->second = INT64_C(2) * 3600;
	return eat(c, ',') && eat(c, 'M') && eat_number(c, 12, &out->month) &&
		out->month > 0 && eat(c, '.') && eat_number(c, 5, &out->week) &&
		out->week > 0 && eat(c, '.') && eat_number(c, 6, &out->day) &&
		(!eat(c, '/') || eat_time(c, &out->second));
}

/* Midnight of a day as if it were UTC; a day before the first or after the last
 * of a month counts into the neighbouring month. */
static int64_t
midnight(int year, int month, int day)
{
	struct tm tm = {
		.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day
	};

	return timegm(&tm);
}

/* The moment of the change, read on a clock that shows *offset*. */
static int64_t
change_at(const struct change *change, int year, int64_t offset)
{
	int64_t first = midnight(year, change->month, 1);
	int64_t next = midnight(year, change->month + 1, 1);
	/* 1970 began on a Thursday. */
	int weekday = (int)((first / DAY_S % 7 + 11) % 7);
	int64_t day = (change->day - weekday + 7) % 7 +
		7 * (int64_t)(change->week - 1);

	while (first + day * DAY_S >= next)
		day -= 7;
	return first + day * DAY_S + change->second - offset;
}

static int
year_of(int64_t at_s)
{
	time_t time = at_s;
	struct tm tm;

	return gmtime_r(&time, &tm) != NULL ? tm.tm_year + 1900 : 1970;
}

/* Offsets in rules count west of UTC. */
enum err
zone_rule(struct span rule, int64_t at_s, int32_t *out)
{
	struct cursor c = { rule.data, rule.data + rule.len };
	int64_t standard, summer, begin, end;
	struct change to_summer, to_standard;
	bool is_summer;
	int year;

	if (!eat_name(&c) || !eat_time(&c, &standard))
		return ERR_INVALID;
	*out = (int32_t)-standard;
	if (c.at == c.end)
		return OK;
	summer = standard - 3600;
	if (!eat_name(&c) ||
		(c.at < c.end && *c.at != ',' && !eat_time(&c, &summer)))
		return ERR_INVALID;
	if (!eat_change(&c, &to_summer) || !eat_change(&c, &to_standard) ||
		c.at != c.end)
		return ERR_INVALID;
	year = year_of(at_s - standard);
	begin = change_at(&to_summer, year, -standard);
	end = change_at(&to_standard, year, -summer);
	is_summer = begin < end ? at_s >= begin && at_s < end
				: at_s >= begin || at_s < end;
	if (is_summer)
		*out = (int32_t)-summer;
	return OK;
}

/* ---- names */

/* Accepts words of letters, digits, + - _ between single slashes, so that no
 * name leads out of the folder. */
static bool
is_name(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > NAME_MAX_LEN ||
		strspn(name,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"abcdefghijklmnopqrstuvwxyz0123456789+-_/") != len)
		return false;
	return name[0] != '/' && name[len - 1] != '/' &&
		strstr(name, "//") == NULL;
}

/* A folder is not a zone, and not worth a log line. */
static bool
is_file(const char *path)
{
	struct stat found;

	return stat(path, &found) == 0 && S_ISREG(found.st_mode);
}

enum err
zone_offset(const char *name, int64_t at_s, int32_t *out)
{
	struct arena arena = ARENA_INIT;
	const char *path = arena_printf(&arena, FOLDER "%s", name);
	struct span file = { NULL, 0 };
	enum err err = ERR_NOT_FOUND;

	if (is_name(name) && is_file(path))
		err = file_read(&arena, path, FILE_MAX, &file);
	if (err == OK)
		err = zone_read(file, at_s, out);
	arena_reset(&arena);
	return err == OK ? OK : ERR_NOT_FOUND;
}
