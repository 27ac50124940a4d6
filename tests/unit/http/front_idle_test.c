/* front_idle_test.c: a connection that carries no request does not stay. */

#include "fronttest.h"
#include "webtest.h"

#include <unistd.h>

/* Asks on a new connection whose request is whole when it is accepted, because
 * the front had no time before. */
static int
ask_whole(void)
{
	int stalls = webtest_dial_kept(), fd;

	webtest_put_begin();
	webtest_put_params("/chat/stall", "400", NULL);
	webtest_send_all(stalls);
	pause_ms(50);
	fd = webtest_dial();
	webtest_put_request("/chat/x", "");
	webtest_send_all(fd);
	webtest_assert_one(fd, "POST /x? ok 0:");
	close(stalls);
	return fd;
}

static void
a_connection_that_falls_silent_is_closed(void **state)
{
	int fd = ask_whole();

	(void)state;
	webtest.flags = 0;
	assert_true(webtest_is_closed(fd));
}

static void
one_that_goes_on_asking_stays(void **state)
{
	int fd = webtest_dial_kept();

	(void)state;
	for (int i = 0; i < 12; i++) {
		webtest_put_request("/chat/x", "");
		webtest_send_all(fd);
		webtest_assert_one(fd, "POST /x? ok 0:");
		pause_ms(100);
	}
	webtest.flags = 0;
	webtest_put_request("/chat/last", "");
	webtest_send_all(fd);
	webtest_assert_one(fd, "POST /last? ok 0:");
	assert_true(webtest_is_closed(fd));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_connection_that_falls_silent_is_closed),
		TEST(one_that_goes_on_asking_stays),
	};

	served.idle_ms = 600;
	return fronttest_run(tests, LENGTH(tests));
}
