/*
 * doctor.h: what a running program says of itself to `lamplight doctor`, which
 * asks over its socket and through the site's public address.
 *
 * GET /api/ai/chat/doctor is answered to whoever brings, in X-Lamplight-Doctor,
 * a token of a minute that the command makes with the secret file; to all
 * others it is not there. The token opens nothing else, and what it opens says
 * nothing of anybody's:
 *
 *	{"nofile", "streamsMax", "schema", "https", "address", "authorization",
 *	"settings"}
 *
 * nofile: the descriptors that the process may have; https: whether the web
 * server says that it was asked by TLS; address: whom it names as the client;
 * authorization: whether the same token came along as a bearer token; settings:
 * doctor_settings.h. With the
 * query "stream" these are the first event of a stream of DOCTOR_TICKS more,
 * DOCTOR_TICK_MS apart, which arrive as sent when nothing on the way waits.
 */

#ifndef API_DOCTOR_H
#define API_DOCTOR_H

#include "api/app.h"
#include "auth/secret.h"

#define DOCTOR_PATH "/api/ai/chat/doctor"
#define DOCTOR_HEADER "X-Lamplight-Doctor"
#define DOCTOR_TOKEN_S 60
#define DOCTOR_TICKS 6
#define DOCTOR_TICK_MS 150

/* A token that is good from now on, in *arena*. */
const char *doctor_token(
	struct arena *arena, const struct secret_ring *ring, int64_t now_s);

/* Whether it is one of these keys' and in date. */
bool
doctor_knows(const struct secret_ring *ring, const char *token, int64_t now_s);

/* The route's handler: 200 | 404 | 503 another stream runs in this process. */
enum err doctor_answer(struct request *rq, struct response *rs);

#endif
