/*
 * text.h: private to lib/db: values as SQL text, for statements sent as text
 * because several statements or many rows go in one packet.
 */

#ifndef DB_TEXT_H
#define DB_TEXT_H

#include "base/buf.h"
#include "db/db.h"

/* Appends the value, quoted and escaped. Texts must be UTF-8, not arbitrary
 * bytes. */
void text_put(struct buf *sql, const struct param *param);

/* Appends *sql* with its marks replaced by values; their numbers must match. */
void text_put_all(struct buf *out, const char *sql, struct params params);

#endif
