/*
 * export_page.h: writes the lines of an export (export.h) page by page, for the
 * route and for the operator's command.
 */

#ifndef API_EXPORT_PAGE_H
#define API_EXPORT_PAGE_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "json/write.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The size of a page. A larger message has a page of its own. */
#define EXPORT_PAGE_BYTES ((size_t)2 << 20)

/* Where a page ends: after this message of this session; 0: before the
 * first. */
struct export_cursor {
	uint64_t session_id, message_id;
};

struct export_page {
	struct db *db;
	struct arena *arena; /* arena of the page */
	uint64_t user_id;
	uint64_t login_id; /* the current login, or 0 */
	struct json_writer w;
	struct export_cursor cursor; /* in: start of the page; out: its end */
	bool more; /* out: there is another page */

	size_t len; /* private to export_page.c */
	unsigned messages;
};

/* Writes the lines after the cursor. */
MUST_USE enum err export_page_put(struct export_page *page);

#endif
