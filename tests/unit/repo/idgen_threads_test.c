/* idgen_threads_test.c: several threads take ids while the grant changes. */

#include "repo/idgen.h"

#include "../unit.h"
#include "base/attr.h"
#include "repo/idgen_private.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1780000000000) /* 2026-05-28 */
#define SECOND INT64_C(1000)
#define HOUR (3600 * SECOND)
#define NODE 7
#define SPAN (20 * SECOND)
#define PER_MS 4096

/* Granted at NOW, as if the node had last been used a second before. */
static void
grant(struct idgen *gen)
{
	memset(gen, 0, sizeof(*gen));
	idgen_grant(gen, NODE, NOW - SECOND, NOW + SPAN, SPAN);
}

#define THREADS 4
#define IDS_PER_THREAD 500000

static void *
make_many(void *arg)
{
	struct idgen *gen = arg;
	uint64_t *ids = malloc(IDS_PER_THREAD * sizeof(*ids));

	for (int i = 0; i < IDS_PER_THREAD; i++)
		if (idgen_next(gen, NOW, 0, &ids[i]) != IDGEN_OK ||
			(i > 0 && ids[i] <= ids[i - 1]))
			abort();
	return ids;
}

/* Every id between the first and the last was given to exactly one thread. */
static void
threads_share_one_sequence(void **state)
{
	unsigned char *seen = calloc(THREADS, IDS_PER_THREAD);
	pthread_t threads[THREADS];
	struct idgen gen;
	size_t n = 0;

	(void)state;
	grant(&gen);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, make_many, &gen);
	for (int i = 0; i < THREADS; i++) {
		void *out;
		uint64_t *ids;

		pthread_join(threads[i], &out);
		ids = out;
		for (int k = 0; k < IDS_PER_THREAD; k++) {
			size_t at = (size_t)(id_ms(ids[k]) - NOW) * PER_MS +
				(ids[k] & (PER_MS - 1));

			assert_true(at < (size_t)THREADS * IDS_PER_THREAD);
			assert_int_equal(seen[at]++, 0);
			n++;
		}
		free(ids);
	}
	assert_int_equal(n, THREADS * IDS_PER_THREAD);
	free(seen);
}

struct regrants {
	struct idgen gen;
	_Atomic bool stop;
};

static void *
make_until_stopped(void *arg)
{
	struct regrants *shared = arg;
	uint64_t id;

	/* Node n is granted milliseconds 10 n + 1 to 10 n + 8. */
	while (!atomic_load(&shared->stop))
		if (idgen_next(&shared->gen, NOW, 0, &id) == IDGEN_OK &&
			((uint64_t)id_ms(id) - NOW) / 10 != id_node(id))
			abort();
	return NULL;
}

/* A thread with an id of the old grant must not use the new grant's limit for
 * it, nor the other way round. */
static void
an_id_never_mixes_two_grants(void **state)
{
	struct regrants shared = { .stop = false };
	pthread_t threads[2];

	(void)state;
	for (size_t i = 0; i < LENGTH(threads); i++)
		pthread_create(&threads[i], NULL, make_until_stopped, &shared);
	for (int round = 0; round < 300; round++)
		for (int64_t node = 0; node < ID_NODES; node++) {
			idgen_grant(&shared.gen, (uint64_t)node,
				NOW + node * 10, NOW + node * 10 + 8, HOUR);
		}
	atomic_store(&shared.stop, true);
	for (size_t i = 0; i < LENGTH(threads); i++)
		pthread_join(threads[i], NULL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_share_one_sequence),
		cmocka_unit_test(an_id_never_mixes_two_grants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
