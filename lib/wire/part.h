/* part.h: access to a stored UI message part that has been parsed. */

#ifndef WIRE_PART_H
#define WIRE_PART_H

#include "base/span.h"
#include "json/json.h"

#include <stdbool.h>

/* A string member of a part, or absent; whether the part has that type; whether
 * it is in that state. */
struct span llm_part_text(const struct json *part, const char *key);
bool llm_part_is(const struct json *part, const char *type);
bool llm_part_in_state(const struct json *part, const char *state);

/* Whether the text is only white space, which servers refuse like an empty
 * text. */
bool llm_is_blank(struct span text);

#endif
