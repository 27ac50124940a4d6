/*
 * keyring.h: the secret file of a running program (secret.h). A change of the
 * file, by `lamplight secret rotate`, is seen within a second, and at once
 * when something was signed by a key that is not known. Thread-safe.
 */

#ifndef AUTH_KEYRING_H
#define AUTH_KEYRING_H

#include "auth/secret.h"

struct keyring;

/* *path* must outlive it. ERR_INVALID (logged) as secret_load(). */
MUST_USE enum err keyring_open(const char *path, struct keyring **out);
void keyring_close(struct keyring *keyring);

/* The keys as they are now; valid until keyring_close(). */
const struct secret_ring *keyring_now(struct keyring *keyring);

/* Why the file, as it is now, cannot be used, as "it is ..."; or NULL. The keys
 * of before stay in use until the program ends. Valid until keyring_close(). */
const char *keyring_refused(struct keyring *keyring);

/* Looks at the file now; whether its keys are others than *known*. A file that
 * cannot be read any more (logged) leaves the keys as they were. */
bool keyring_changed(struct keyring *keyring, const struct secret_ring *known);

#endif
