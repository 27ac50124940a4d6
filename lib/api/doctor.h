/*
 * doctor.h: what a running program reports about itself to `lamplight doctor`,
 * which asks over its socket and through the site's public address.
 *
 * GET /api/ai/chat/doctor answers only requests whose header X-Lamplight-Doctor
 * contains a token, valid for a minute, that the command makes with the secret
 * file; for all others the route does not exist. The token opens nothing else,
 * and the answer contains nothing about users:
 *
 *	{"nofile", "streamsMax", "schema", "https", "address", "authorization",
 *	"settings"}
 *
 * nofile: the process's limit of descriptors; https: whether the web server
 * says that it was reached by TLS; address: the client's address as the web
 * server reports it; authorization: whether the same token arrived as a bearer
 * token; settings: see doctor_settings.h. With the query "stream" these are the
 * first event of a stream of DOCTOR_TICKS more, DOCTOR_TICK_MS apart, which
 * arrive at that pace if nothing on the way buffers them.
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

/* A token that is valid from now on, in *arena*. */
const char *doctor_token(
	struct arena *arena, const struct secret_ring *ring, int64_t now_s);

/* The route's handler: 200 | 404 | 503: another such stream is running in this
 * process. */
enum err doctor_answer(struct request *rq, struct response *rs);

#endif
