/*
 * text.h: private to lib/db: values as SQL text, for statements that are sent
 * as text because several of them, or many rows, go in one packet.
 */

#ifndef DB_TEXT_H
#define DB_TEXT_H

#include "base/buf.h"
#include "db/db.h"

/* Quoted and escaped. A text is UTF-8, not bytes. */
void text_put(struct buf *sql, const struct param *param);

/* *sql* with its marks replaced by the values: as many as it has. */
void text_put_all(struct buf *out, const char *sql, struct params params);

#endif
