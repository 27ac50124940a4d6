#include "wire/google_error.h"

#include "base/attr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DELAY_MAX_S 86400

/* Parses a Duration: seconds with up to nine decimals, and "s". */
static int64_t
milliseconds(struct span delay)
{
	char text[32];
	char *end;
	double seconds;

	if (delay.len == 0 || delay.len >= sizeof(text))
		return 0;
	snprintf(text, sizeof(text), "%.*s", (int)delay.len, delay.data);
	seconds = strtod(text, &end);
	if (strcmp(end, "s") != 0 || !(seconds > 0) || seconds > DELAY_MAX_S)
		return 0;
	return MAX((int64_t)(seconds * 1000), 1);
}

static bool
is_of_a_day(const struct json *quota)
{
	const struct json *list = json_get(quota, "violations");

	for (size_t i = 0;
		json_kind(list) == JSON_ARRAY && i < json_length(list); i++) {
		struct span id =
			json_text(json_get(json_at(list, i), "quotaId"));

		if (id.len > 0 && memmem(id.data, id.len, "PerDay", 6) != NULL)
			return true;
	}
	return false;
}

int64_t
google_error_retry_ms(const struct json *body)
{
	const struct json *error =
		json_kind(body) == JSON_ARRAY ? json_at(body, 0) : body;
	const struct json *list = json_get(json_get(error, "error"), "details");
	int64_t retry_ms = 0;

	for (size_t i = 0;
		json_kind(list) == JSON_ARRAY && i < json_length(list); i++) {
		const struct json *detail = json_at(list, i);
		struct span type = json_text(json_get(detail, "@type"));

		if (span_ends(type, "google.rpc.RetryInfo"))
			retry_ms = milliseconds(
				json_text(json_get(detail, "retryDelay")));
		else if (span_ends(type, "google.rpc.QuotaFailure") &&
			is_of_a_day(detail))
			return 0;
	}
	return retry_ms;
}
