/* doctor_private.h: a part of doctor.c, for tests. */

#ifndef API_DOCTOR_PRIVATE_H
#define API_DOCTOR_PRIVATE_H

#include "api/doctor.h"

/* Whether the token is signed with one of these keys and still valid. */
bool
doctor_knows(const struct secret_ring *ring, const char *token, int64_t now_s);

#endif
