#include "base/trace.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define DIGITS "0123456789abcdef"
#define PARENT_ID_LEN 16
#define AT_ID 3
#define AT_PARENT (AT_ID + TRACE_ID_LEN + 1)
#define AT_FLAGS (AT_PARENT + PARENT_ID_LEN + 1)

/* Whether *text* holds exactly *n* digits, followed by *end*. */
static bool
digits(const char *text, size_t n, char end)
{
	return strspn(text, DIGITS) == n && text[n] == end;
}

static bool
all_zero(const char *text, size_t n)
{
	return strspn(text, "0") >= n;
}

/* Reads the same fields from future versions and ignores what follows them. */
bool
trace_parse(const char *header, struct trace *out)
{
	size_t len = header != NULL ? strnlen(header, TRACE_PARENT_LEN + 1) : 0;
	bool first = len > 0 && strncmp(header, "00", 2) == 0;

	*out = (struct trace){ 0 };
	if (len < TRACE_PARENT_LEN || strncmp(header, "ff", 2) == 0 ||
		!digits(header, 2, '-') ||
		!digits(header + AT_ID, TRACE_ID_LEN, '-') ||
		all_zero(header + AT_ID, TRACE_ID_LEN) ||
		!digits(header + AT_PARENT, PARENT_ID_LEN, '-') ||
		all_zero(header + AT_PARENT, PARENT_ID_LEN) ||
		strspn(header + AT_FLAGS, DIGITS) != 2)
		return false;
	if (len > TRACE_PARENT_LEN &&
		(first || header[TRACE_PARENT_LEN] != '-'))
		return false;
	memcpy(out->id, header + AT_ID, TRACE_ID_LEN);
	memcpy(out->flags, header + AT_FLAGS, 2);
	/* Version 00 defines only the flag "sampled". */
	out->flags[0] = '0';
	out->flags[1] = strchr("13579bdf", out->flags[1]) != NULL ? '1' : '0';
	return true;
}

void
trace_parent(const struct trace *trace, char out[TRACE_PARENT_LEN + 1])
{
	uint64_t id;

	*out = '\0';
	if (*trace->id == '\0')
		return;
	do
		if (getrandom(&id, sizeof(id), 0) != sizeof(id))
			abort();
	while (id == 0);
	snprintf(out, TRACE_PARENT_LEN + 1, "00-%s-%016" PRIx64 "-%s",
		trace->id, id, trace->flags);
}
