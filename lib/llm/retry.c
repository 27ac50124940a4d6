#include "llm/retry.h"

#include "base/attr.h"
#include "llm/headers.h"

#include <curl/curl.h>
#include <stdio.h>
#include <strings.h>

#define FIRST_WAIT_MS 2000
#define DIGITS_MAX 12

int64_t
retry_wait_ms(unsigned attempt, int64_t asked_ms)
{
	if (asked_ms >= 0 && asked_ms <= RETRY_AFTER_MAX_MS)
		return asked_ms;
	return (int64_t)FIRST_WAIT_MS << MIN(attempt > 0 ? attempt - 1 : 0, 3u);
}

/* Reads digits, ignoring a fraction; -1 for anything else. */
static int64_t
whole(struct span text)
{
	int64_t value = 0;
	size_t i = 0;

	for (; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++)
		if (i < DIGITS_MAX)
			value = value * 10 + (text.data[i] - '0');
		else
			return -1;
	if (i == 0 || (i < text.len && text.data[i] != '.'))
		return -1;
	while (++i < text.len)
		if (text.data[i] < '0' || text.data[i] > '9')
			return -1;
	return value;
}

static int64_t
until_date(struct span text, int64_t now_s)
{
	char date[64];
	time_t then;

	if (text.len == 0 || text.len >= sizeof(date))
		return -1;
	snprintf(date, sizeof(date), "%.*s", (int)text.len, text.data);
	then = curl_getdate(date, NULL);
	if (then < 0)
		return -1;
	return MAX((int64_t)then - now_s, 0) * 1000;
}

int64_t
retry_after_ms(struct span line, int64_t now_s)
{
	struct span ms = headers_value(line, "retry-after-ms");
	struct span after = headers_value(line, "retry-after");
	int64_t seconds;

	if (ms.data != NULL)
		return whole(ms);
	if (after.data == NULL)
		return -1;
	seconds = whole(after);
	return seconds >= 0 ? seconds * 1000 : until_date(after, now_s);
}
