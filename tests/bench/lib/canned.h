/* canned.h: the answer that a floor gives to everything. */

#ifndef BENCH_CANNED_H
#define BENCH_CANNED_H

#include "base/buf.h"

/* The file's content as a CGI answer with its length. Ends the program when
 * it cannot be read. */
void canned_read(const char *path, struct buf *out);

#endif
