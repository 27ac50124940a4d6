#include "api/failures.h"

#include "api/audit.h"
#include "api/browser.h"
#include "api/network.h"
#include "base/clock.h"
#include "json/name.h"

#include <inttypes.h>

#define MINUTE_MS INT64_C(60000)

static void
add(struct failures *failures, const char *name, unsigned limit,
	int64_t window_ms)
{
	char *hash = failures->names[failures->n];

	token_hash(span_of(name), hash);
	failures->buckets[failures->n++] =
		(struct throttle){ { hash, TOKEN_HASH_LEN }, limit, window_ms };
}

/* Variants of the same name share a count; invalid names are counted, too. */
static const char *
key_of(struct arena *arena, const char *username)
{
	struct span name, key;

	if (!name_read(arena, span_of(username), &name, &key))
		return username;
	return key.data;
}

void
failures_of_login(struct failures *failures, struct request *rq,
	const char *username, uint64_t user_id)
{
	const char *device = browser_device(rq, user_id);
	const char *user = key_of(rq->arena, username);

	failures->n = 0;
	if (device != NULL) {
		add(failures, arena_printf(rq->arena, "device %s", device), 10,
			15 * MINUTE_MS);
		return;
	}
	add(failures,
		arena_printf(rq->arena, "pair %s %s", user, network_of(rq)), 10,
		15 * MINUTE_MS);
	add(failures, arena_printf(rq->arena, "account %s", user), 100,
		60 * MINUTE_MS);
}

void
failures_of_confirm(struct failures *failures, struct request *rq)
{
	failures->n = 0;
	add(failures, arena_printf(rq->arena, "confirm %" PRIu64, rq->login_id),
		10, 15 * MINUTE_MS);
}

/* There are a million codes, three of which are valid at a time. */
void
failures_of_code(
	struct failures *failures, struct request *rq, uint64_t user_id)
{
	const char *device = browser_device(rq, user_id);

	failures->n = 0;
	if (rq->login_id != 0 || device != NULL) {
		add(failures,
			arena_printf(rq->arena, "code %" PRIu64 " %s",
				rq->login_id, device != NULL ? device : ""),
			5, 15 * MINUTE_MS);
		return;
	}
	add(failures,
		arena_printf(rq->arena, "code %" PRIu64 " %s", user_id,
			network_of(rq)),
		5, 15 * MINUTE_MS);
	add(failures, arena_printf(rq->arena, "codes %" PRIu64, user_id), 30,
		60 * MINUTE_MS);
}

enum err
failures_look(
	const struct failures *failures, struct request *rq, int64_t *wait_ms)
{
	int64_t now_ms = clock_wall_ms();

	for (unsigned i = 0; i < failures->n; i++)
		TRY(throttle_look(rq->db, rq->arena, &failures->buckets[i],
			now_ms, wait_ms));
	return OK;
}

static enum err
give_back(const struct failures *failures, struct request *rq, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		TRY(throttle_uncount(rq->db, failures->buckets[i].bucket));
	return OK;
}

/* Looks first, because a refusal must write nothing; the atomic count then
 * decides. */
enum err
failures_take(
	const struct failures *failures, struct request *rq, int64_t *wait_ms)
{
	int64_t now_ms = clock_wall_ms();

	TRY(failures_look(failures, rq, wait_ms));
	for (unsigned i = 0; i < failures->n; i++) {
		enum err err =
			throttle_take(rq->db, &failures->buckets[i], now_ms);

		if (err == ERR_THROTTLED) {
			TRY(give_back(failures, rq, i));
			TRY(failures_look(failures, rq, wait_ms));
			*wait_ms = MAX(*wait_ms, 1000);
		}
		TRY(err);
	}
	return OK;
}

enum err
failures_give_back(const struct failures *failures, struct request *rq)
{
	return give_back(failures, rq, failures->n);
}

enum err
failures_count(const struct failures *failures, struct request *rq)
{
	int64_t now_ms = clock_wall_ms();

	for (unsigned i = 0; i < failures->n; i++)
		TRY(throttle_count(rq->db, &failures->buckets[i], now_ms));
	return failures_keep(failures, rq);
}

/* Logs the failure that fills a bucket, but not the attempts refused
 * afterwards. */
enum err
failures_keep(const struct failures *failures, struct request *rq)
{
	int64_t wait_ms = 0;
	enum err err;

	err = failures_look(failures, rq, &wait_ms);
	if (err == ERR_THROTTLED)
		audit(rq, "locked_out", "for_s=%" PRId64, wait_ms / 1000);
	return err == ERR_THROTTLED ? OK : err;
}

enum err
failures_forget(const struct failures *failures, struct request *rq)
{
	return throttle_clear(rq->db, failures->buckets[0].bucket);
}
