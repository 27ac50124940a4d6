/*
 * export_page.h: the lines of an export (export.h), a page at a time: for the
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

/* Of a page. One message may be larger; it is then alone in it. */
#define EXPORT_PAGE_BYTES ((size_t)2 << 20)

/* Where a page ends: behind this message of this session; 0: before the
 * first. */
struct export_cursor {
	uint64_t session_id, message_id;
};

struct export_page {
	struct db *db;
	struct arena *arena; /* of the page */
	uint64_t user_id;
	uint64_t login_id; /* who asks, or 0 */
	struct json_writer w;
	struct export_cursor
		cursor; /* in: where it begins; out: where it ends */
	bool more; /* out: there is another */

	size_t len; /* export_page.c's */
	unsigned messages;
};

/* Writes the lines behind the cursor. */
MUST_USE enum err export_page_put(struct export_page *page);

#endif
