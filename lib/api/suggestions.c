#include "api/suggestions.h"

#include "base/arena.h"
#include "conf/conf.h"
#include "json/json.h"
#include "json/utf8.h"

#define TAKES                                                          \
	"a JSON list of up to 6 texts of up to 120 characters, or an " \
	"object with such a list for each of up to 24 languages: "     \
	"{\"en\": [\"Plan my week\"], \"de\": [\"Plane meine Woche\"]}"

#define TAG_LEN_MAX 35 /* BCP 47, 4.4.1 */

static bool
is_text(const struct json *json)
{
	struct span text = json_text(json);

	return text.len > 0 && utf8_valid(text) &&
		utf8_length(text) <= SUGGESTION_CHARS_MAX;
}

static bool
is_list(const struct json *json)
{
	if (json_kind(json) != JSON_ARRAY || json_length(json) == 0 ||
		json_length(json) > SUGGESTIONS_MAX)
		return false;
	for (size_t i = 0; i < json_length(json); i++)
		if (!is_text(json_at(json, i)))
			return false;
	return true;
}

static bool
is_tag(struct span tag)
{
	for (size_t i = 0; i < tag.len; i++)
		if (!(tag.data[i] >= 'a' && tag.data[i] <= 'z') &&
			!(tag.data[i] >= 'A' && tag.data[i] <= 'Z') &&
			!(tag.data[i] >= '0' && tag.data[i] <= '9') &&
			tag.data[i] != '-')
			return false;
	return tag.len > 0 && tag.len <= TAG_LEN_MAX;
}

static bool
is_by_language(const struct json *json)
{
	const struct json *list;
	struct span tag;
	size_t at = 0;

	if (json_kind(json) != JSON_OBJECT || json_length(json) == 0 ||
		json_length(json) > SUGGESTION_LANGUAGES_MAX)
		return false;
	while (json_next(json, &at, &tag, &list))
		if (!is_tag(tag) || !is_list(list))
			return false;
	return true;
}

enum err
suggestions_check(const char *setting)
{
	struct arena arena = ARENA_INIT;
	const struct json *json;
	bool good = *setting == '\0' ||
		(json_parse_own(&arena, span_of(setting), &json) == OK &&
			(is_list(json) || is_by_language(json)));

	arena_reset(&arena);
	return good ? OK : conf_refuse("http.suggestions", TAKES);
}
