#include "db/choice.h"

#include "base/clock.h"
#include "db/fault.h"

#include <sys/random.h>

/* A failed server is left alone this long, and twice as long after each further
 * failure. */
#define REST_MIN_MS 1000
#define REST_MAX_MS 16000

static bool
is_resting(const struct choice *choice, unsigned host, int64_t now_ms)
{
	return now_ms < choice->hosts[host].rest_until_ms;
}

unsigned
choice_order(const struct choice *choice, const struct db_conf *conf,
	bool fresh, unsigned order[HOSTS_MAX])
{
	unsigned n_hosts = MAX(conf->hosts.n, 1u), n = 0;
	int64_t now_ms = clock_mono_ms();
	bool stays = !fresh && !is_resting(choice, choice->at, now_ms);

	if (stays)
		order[n++] = choice->at;
	for (unsigned resting = 0; resting < 2; resting++)
		for (unsigned i = 0; i < n_hosts; i++)
			if (!(stays && i == choice->at) &&
				is_resting(choice, i, now_ms) == (resting == 1))
				order[n++] = i;
	return n;
}

/* Spreads the retries of programs that lost the same server. */
static int64_t
jittered(int64_t ms)
{
	uint32_t number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return ms;
	return ms * 3 / 4 + (int64_t)(number % (uint32_t)(ms / 2));
}

void
choice_failed(struct choice *choice, unsigned host)
{
	unsigned doubled = MIN(choice->hosts[host].failures, 4u);

	choice->hosts[host].failures++;
	choice->hosts[host].rest_until_ms = clock_mono_ms() +
		jittered(MIN(
			(int64_t)REST_MIN_MS << doubled, (int64_t)REST_MAX_MS));
}

void
choice_good(struct choice *choice, unsigned host)
{
	choice->hosts[host].failures = 0;
	choice->hosts[host].rest_until_ms = 0;
}

/* Returns the better connection and closes the other one. */
static struct conn *
prefer(struct conn *lame, struct conn *conn)
{
	if (lame == NULL || conn == NULL || !conn->writable) {
		if (lame != NULL)
			conn_free(conn);
		return lame != NULL ? lame : conn;
	}
	conn_free(lame);
	return conn;
}

struct conn *
choice_open(const struct db_conf *conf, const unsigned *order, unsigned n,
	enum conn_use use, struct tried *tried, struct failure *failure)
{
	struct failure failed;
	struct conn *best = NULL, *conn;

	tried->n_bad = 0;
	for (unsigned i = 0; i < n; i++) {
		failed.number = 0;
		conn = conn_open(conf, order[i], use, &failed);
		best = prefer(best, conn);
		if (best != NULL && best->writable)
			break;
		tried->bad[tried->n_bad++] = order[i];
		if (conn == NULL && (i == 0 || failure->number == 0))
			*failure = failed;
		if (fault_is_crowded(failed.number)) {
			*failure = failed;
			tried->n_bad--;
			break;
		}
	}
	return best;
}
