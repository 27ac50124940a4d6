/* reaper_away_test.c: after the database was away, an expired lease proves
 * nothing until its owner has had time to renew it. */

#include "chat/reaper.h"

#include "../db/gate.h"
#include "../unit.h"
#include "base/clock.h"
#include "reapertest.h"

#include <stdlib.h>
#include <unistd.h>

#define LEASE_MS 10000
#define LOOK_MS INT64_C(2000) /* between two looks */

static struct gate gate;
static char dir[] = "/tmp/lamplight-gate-XXXXXX";

static int
open_all(void **state)
{
	const char *server = getenv("LAMPLIGHT_DB_SOCKET");

	if (server == NULL || mkdtemp(dir) == NULL)
		return reapertest_open(state); /* there is no database yet */
	gate_open(&gate, dir, "db", server);
	reapertest.lease_ms = LEASE_MS;
	reapertest.socket = gate.path;
	return reapertest_open(state);
}

static int
close_all(void **state)
{
	int failed = reapertest_close(state);

	gate_close(&gate);
	rmdir(dir);
	return failed;
}

/* This is a fifth of a lease and a second, so that the second look comes too
 * early, whenever the first one was. */
static void
who_could_not_renew_a_lease_is_waited_for(void **state)
{
	struct turn turn;
	int64_t back_ms;

	(void)state;
	gate_set(&gate, GATE_GONE);
	reapertest_orphan(&turn, (struct lease){ 1005, 99 }, "");
	reapertest_nap_ms(
		(long)(2 * LOOK_MS + LOOK_MS / 2)); /* by now it has looked */
	assert_string_equal(reapertest_stored(&turn).status, "streaming");
	back_ms = clock_mono_ms();
	gate_set(&gate, GATE_OPEN);
	assert_string_equal(reapertest_wait(&turn).status, "interrupted");
	assert_true(clock_mono_ms() - back_ms >= 2 * LOOK_MS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_could_not_renew_a_lease_is_waited_for),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
