/*
 * web_page.h: fetches a page of the public web for a model: a guarded GET
 * (web.h) that follows redirects itself and checks each of them like the first
 * address.
 */

#ifndef LLM_WEB_PAGE_H
#define LLM_WEB_PAGE_H

#include "llm/web.h"

#define WEB_PAGE_REDIRECTS_MAX 5
#define WEB_PAGE_MAX ((size_t)2 << 20) /* bytes; the rest is cut off */

struct web_page {
	const char *url; /* after redirects */
	bool html; /* otherwise plain text, JSON or XML */
	struct span text; /* valid UTF-8 */
	bool cut;
};

/*
 * Fetches *url*; *allow* is as in struct web_request. Accepts any text/ type,
 * and JSON or XML under "application". ERR_INVALID after setting *why* (static,
 * or in *arena*) to a sentence for the model, which contains no address.
 */
MUST_USE enum err web_page_get(struct arena *arena, const char *url,
	const char *allow, const struct web_patience *patience,
	struct web_page *out, const char **why);

#endif
