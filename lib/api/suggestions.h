/*
 * suggestions.h: http.suggestions: texts that the page offers for the first
 * message of a chat: a JSON list of texts, or an object with such a list per
 * language.
 */

#ifndef API_SUGGESTIONS_H
#define API_SUGGESTIONS_H

#include "base/attr.h"
#include "base/err.h"
#include "base/span.h"

#define SUGGESTIONS_MAX 6 /* per language */
#define SUGGESTION_CHARS_MAX 120
#define SUGGESTION_LANGUAGES_MAX 24

/* Whether the setting is valid ("" is); otherwise ERR_INVALID, logged with the
 * key. */
MUST_USE enum err suggestions_check(const char *setting);

#endif
