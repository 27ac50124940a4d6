/*
 * mark.h: what we give out and know again, without keeping it.
 */

#ifndef AUTH_MARK_H
#define AUTH_MARK_H

#include "auth/secret.h"
#include "auth/token.h"

/* The keyed hash of a text, with its NUL: nobody else can make it. *context*
 * as in secret_derive(). */
void mark_text(const struct secret_key *key, const char *context,
	const char *text, char out[TOKEN_LEN + 1]);

#endif
