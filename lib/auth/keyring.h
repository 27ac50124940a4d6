/*
 * keyring.h: the secret file of a running program (secret.h). A change of the
 * file, by `lamplight secret rotate`, is noticed within a second, and at once
 * when a signature names an unknown key. Thread-safe.
 */

#ifndef AUTH_KEYRING_H
#define AUTH_KEYRING_H

#include "auth/secret.h"

struct keyring;

/* *path* must stay valid until keyring_close(). ERR_INVALID (logged) as for
 * secret_load(). */
MUST_USE enum err keyring_open(const char *path, struct keyring **out);
void keyring_close(struct keyring *keyring);

/* The current keys; valid until keyring_close(). */
const struct secret_ring *keyring_now(struct keyring *keyring);

/* Why the current file cannot be used, as "it is ...", or NULL. In that case
 * the previous keys stay in use until the program ends. Valid until
 * keyring_close(). */
const char *keyring_refused(struct keyring *keyring);

/* Checks the file now; returns whether its keys differ from *known*. If the
 * file has become unreadable (logged), the keys stay as they were. */
bool keyring_changed(struct keyring *keyring, const struct secret_ring *known);

#endif
