/* partstest.h: helpers for tests of parts. */

#ifndef PARTSTEST_H
#define PARTSTEST_H

#include "base/err.h"
#include "message/parts.h"

/* Applies chunks without frames, one per line. */
enum err partstest_fold(struct parts *parts, const char *chunks);

void partstest_expect_state(const struct parts *parts, const char *expected);

#endif
