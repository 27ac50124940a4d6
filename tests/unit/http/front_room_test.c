/* front_room_test.c: what becomes of new connections when there are no more
 * descriptors, and of a program that got no socket. */

#include "fronttest.h"
#include "webtest.h"

#include <dirent.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Descriptors of the tests, below all that the limit leaves. */
static struct {
	struct rlimit before;
	int n_fds; /* of the program without connections */
	int kept, next; /* a connection that has carried a request; a new one */
} room;

static int
count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = -3; /* "." and "..", and its own */

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

/* The server opens and closes its ends of connections in its own time. */
static void
wait_for_fds(int n)
{
	for (int i = 0; i < 1000 && count_fds() != n; i++)
		pause_ms(10);
	assert_int_equal(count_fds(), n);
}

/* After this the process can open nothing more: the server cannot accept. */
static void
allow_no_more(void)
{
	int free_fd;

	wait_for_fds(room.n_fds + 3); /* both ends of one, and the next one */
	free_fd = dup(STDERR_FILENO);
	assert_true(free_fd > 0);
	close(free_fd);
	assert_true(allow_descriptors((rlim_t)free_fd));
}

static void
dial_next(void)
{
	static const struct timeval limit = { 20, 0 };

	setsockopt(room.next, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	assert_int_equal(connect(room.next, (struct sockaddr *)&webtest_address,
				 sizeof(webtest_address)),
		0);
	webtest_put_request("/chat/next", "");
	webtest_send_all(room.next);
}

static int
open_room(void **state)
{
	(void)state;
	getrlimit(RLIMIT_NOFILE, &room.before);
	while (served.threads < 3) /* each has a descriptor */
		pause_ms(1);
	if (room.n_fds == 0)
		room.n_fds = count_fds();
	/* No number below those of the new connections is free. */
	wait_for_fds(room.n_fds);
	room.kept = webtest_dial_kept();
	room.next = socket(AF_UNIX, SOCK_STREAM, 0);
	return 0;
}

static int
close_room(void **state)
{
	setrlimit(RLIMIT_NOFILE, &room.before);
	close(room.next);
	return webtest_clear(state);
}

static void
an_idle_connection_gives_way_to_a_new_one(void **state)
{
	(void)state;
	webtest_put_request("/chat/x", "");
	webtest_send_all(room.kept);
	webtest_assert_one(room.kept, "POST /x? ok 0:");
	allow_no_more();
	dial_next();
	webtest_assert_one(room.next, "POST /next? ok 0:");
	assert_true(webtest_is_closed(room.kept));
}

static void
without_an_idle_connection_a_new_one_waits(void **state)
{
	char byte;

	(void)state;
	webtest_put_request("/chat/wait", "");
	webtest_send_all(room.kept);
	sem_wait(&served.waiting);
	allow_no_more();
	dial_next();
	pause_ms(250);
	assert_int_equal(recv(room.next, &byte, 1, MSG_DONTWAIT), -1);
	sem_post(&served.go_on);
	webtest_assert_one(room.kept, "POST /wait? ok 0:");
	webtest_assert_one(room.next, "POST /next? ok 0:");
	assert_true(webtest_is_closed(room.kept));
}

/* Runs last: standard input is put back, and the front is gone. */
static void
a_program_without_a_socket_does_not_start(void **state)
{
	static const struct http_conf conf = { .threads = 1 };
	static const struct front_hooks hooks = { 0 };
	struct front *front = NULL;
	int pair[2];

	(void)state;
	fronttest_stop();
	assert_int_equal(pipe(pair), 0);
	assert_int_equal(dup2(pair[0], STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(front_start(&conf, &hooks, &front), ERR_INVALID);
	assert_null(front);
	close(pair[0]);
	close(pair[1]);
}

#define ROOM(name) cmocka_unit_test_setup_teardown(name, open_room, close_room)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROOM(an_idle_connection_gives_way_to_a_new_one),
		ROOM(without_an_idle_connection_a_new_one_waits),
		TEST(a_program_without_a_socket_does_not_start),
	};

	return fronttest_run(tests, LENGTH(tests));
}
