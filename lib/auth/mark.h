/*
 * mark.h: signs values that we hand out, so that we recognise them without
 * storing them.
 */

#ifndef AUTH_MARK_H
#define AUTH_MARK_H

#include "auth/secret.h"
#include "auth/token.h"

/* The keyed hash of a text, with a terminating NUL; only the owner of the key
 * can compute it. *context* as in secret_derive(). */
void mark_text(const struct secret_key *key, const char *context,
	const char *text, char out[TOKEN_LEN + 1]);

#endif
