/*
 * web_page.h: a page of the public web, for a model that asks for it: a
 * guarded GET (web.h) that follows redirects by itself, each of them checked
 * like the first address.
 */

#ifndef LLM_WEB_PAGE_H
#define LLM_WEB_PAGE_H

#include "llm/web.h"

#define WEB_PAGE_REDIRECTS_MAX 5
#define WEB_PAGE_MAX ((size_t)2 << 20) /* bytes; the rest is cut off */

struct web_page {
	const char *url; /* where the redirects led */
	bool html; /* else plain text, JSON or XML */
	struct span text; /* valid UTF-8 */
	bool cut;
};

/*
 * Fetches *url*; *allow* as in struct web_request. Takes any text, and JSON or
 * XML under "application". ERR_INVALID after setting *why* (static, or in
 * *arena*) to a sentence for the model; it names no address.
 */
MUST_USE enum err web_page_get(struct arena *arena, const char *url,
	const char *allow, const struct web_patience *patience,
	struct web_page *out, const char **why);

#endif
