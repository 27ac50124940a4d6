#include "repo/budget_private.h"

#include "base/attr.h"
#include "base/clock.h"
#include "base/id.h"

#include <pthread.h>

#define PART 64
#define VALID_MS 60000
#define USERS 1024 /* a power of two; two users with one place take turns */

struct room {
	uint64_t bytes, sessions;
};

struct share {
	uint64_t user_id;
	struct room max; /* the limits when it was given; 0: none */
	struct room given, left;
	int64_t until_ms;
};

static struct share shares[USERS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct share *
place_of(uint64_t user_id)
{
	return &shares[id_slot(user_id, USERS)];
}

static struct room
limits_of(const struct budget *max)
{
	return (struct room){ max->of[BUDGET_BYTES], max->of[BUDGET_SESSIONS] };
}

static bool
covers(const struct share *share, const struct room *room,
	const struct budget_send *send)
{
	return (share->max.bytes == 0 || room->bytes >= send->bytes) &&
		(share->max.sessions == 0 || !send->new_session ||
			room->sessions > 0);
}

static bool
is_valid(const struct share *share, const struct budget_send *send,
	const struct budget *max)
{
	struct room limits = limits_of(max);

	return share->user_id == send->user_id &&
		share->max.bytes == limits.bytes &&
		share->max.sessions == limits.sessions &&
		clock_mono_ms() < share->until_ms;
}

static enum budget_share
take(struct share *share, const struct budget_send *send,
	const struct budget *max)
{
	if (!is_valid(share, send, max))
		return SHARE_NONE;
	if (!covers(share, &share->given, send))
		return SHARE_SMALL;
	if (!covers(share, &share->left, send))
		return SHARE_NONE;
	share->left.bytes -= MIN(send->bytes, share->left.bytes);
	if (send->new_session && share->left.sessions > 0)
		share->left.sessions--;
	return SHARE_TAKEN;
}

enum budget_share
budget_share_take(const struct budget_send *send, const struct budget *max)
{
	enum budget_share result;

	pthread_mutex_lock(&lock);
	result = take(place_of(send->user_id), send, max);
	pthread_mutex_unlock(&lock);
	return result;
}

static uint64_t
part_of(uint64_t max, uint64_t used)
{
	return max > used ? (max - used) / PART : 0;
}

void
budget_share_give(const struct budget_send *send, const struct budget *max,
	const struct budget *used)
{
	struct share share = { .user_id = send->user_id,
		.max = limits_of(max),
		.until_ms = clock_mono_ms() + VALID_MS };

	share.given.bytes = part_of(share.max.bytes, used->of[BUDGET_BYTES]);
	share.given.sessions =
		part_of(share.max.sessions, used->of[BUDGET_SESSIONS]);
	share.left = share.given;
	pthread_mutex_lock(&lock);
	*place_of(send->user_id) = share;
	pthread_mutex_unlock(&lock);
}
