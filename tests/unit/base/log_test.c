/* log_test.c: one line per event, whatever it contains. */

#include "base/log.h"

#include "../unit.h"
#include "base/clock.h"
#include "base/mem.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char path[] = "/tmp/log_test.XXXXXX";
static int kept_stderr;

/* Standard error goes to a file while a test runs. */
static int
capture(void **state)
{
	int fd;

	(void)state;
	strcpy(path + strlen(path) - 6, "XXXXXX");
	fd = mkostemp(path, O_APPEND);
	kept_stderr = dup(STDERR_FILENO);
	if (fd < 0 || kept_stderr < 0)
		return -1;
	dup2(fd, STDERR_FILENO);
	close(fd);
	log_open("tester", LOG_INFO);
	log_request("");
	return 0;
}

static int
release(void **state)
{
	(void)state;
	dup2(kept_stderr, STDERR_FILENO);
	close(kept_stderr);
	unlink(path);
	return 0;
}

/* What has been logged so far. */
static const char *
logged(void)
{
	static char text[1000000];
	FILE *stream = fopen(path, "r");
	size_t len = 0;

	if (stream != NULL) {
		len = fread(text, 1, sizeof(text) - 1, stream);
		fclose(stream);
	}
	text[len] = '\0';
	return text;
}

static size_t
count_lines(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

static void
writes_one_line_of_pairs(void **state)
{
	const char *line;

	(void)state;
	log_warn("something", "n=%d name=\"%s\"", 5, "x y");
	line = logged();
	assert_int_equal(strncmp(line, "time=20", 7), 0);
	assert_int_equal(line[strlen("time=2026-01-31T12:00:00.000")], 'Z');
	assert_non_null(strstr(line,
		"Z level=warn program=tester event=something n=5 "
		"name=\"x y\"\n"));
}

static void
names_the_request(void **state)
{
	(void)state;
	log_request("abc123");
	log_info("first", "n=1");
	log_request("");
	log_info("second", "n=2");
	assert_non_null(strstr(
		logged(), "program=tester request=abc123 event=first n=1\n"));
	assert_non_null(strstr(logged(), "program=tester event=second n=2\n"));
}

static void
leaves_out_what_is_below_its_level(void **state)
{
	(void)state;
	log_debug("never", "n=1");
	assert_string_equal(logged(), "");
	log_open("tester", LOG_ERROR);
	log_warn("never", "n=1");
	log_error("always", "n=1");
	log_open("tester", LOG_DEBUG);
	log_debug("always", "n=1");
	assert_int_equal(count_lines(logged()), 2);
	assert_null(strstr(logged(), "never"));
}

static void
nobody_can_forge_a_line(void **state)
{
	(void)state;
	log_info("event", "text=%s", "a\nlevel=error\r\x1b[2J\x7f z");
	assert_int_equal(count_lines(logged()), 1);
	assert_non_null(strstr(
		logged(), "text=a\\x0alevel=error\\x0d\\x1b[2J\\x7f z\n"));
}

/* C1 controls also move a terminal's cursor; other characters hide text or
 * change its direction. */
static void
escapes_what_is_no_plain_text(void **state)
{
	static const struct {
		const char *text, *logged;
	} cases[] = {
		{ "gr\xc3\xbc\xc3\x9f \xe4\xbd\xa0 \xf0\x9f\x98\x80",
			"gr\xc3\xbc\xc3\x9f \xe4\xbd\xa0 \xf0\x9f\x98\x80" },
		{ "\xc2\x9b"
		  "31m",
			"\\xc2\\x9b31m" },
		{ "\xc2\x85", "\\xc2\\x85" },
		{ "\xc2\xa0", "\xc2\xa0" },
		{ "\x9b"
		  "31m",
			"\\x9b31m" },
		{ "\xff\xfe", "\\xff\\xfe" },
		{ "\xc0\x8a", "\\xc0\\x8a" },
		{ "\xe0\x80\x8a", "\\xe0\\x80\\x8a" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
		{ "\xe2\x80\xa8", "\\xe2\\x80\\xa8" },
		{ "\xe2\x80\xae"
		  "gpj",
			"\\xe2\\x80\\xaegpj" },
		{ "\xe2\x81\xa6", "\\xe2\\x81\\xa6" },
		{ "cut \xe4\xbd", "cut \\xe4\\xbd" },
		{ "\xe4z", "\\xe4z" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		char expected[100];

		log_info("event", "text=%s.", cases[i].text);
		snprintf(expected, sizeof(expected), "text=%s.\n",
			cases[i].logged);
		assert_non_null(strstr(logged(), expected));
		assert_int_equal(count_lines(logged()), i + 1);
	}
}

static void
cuts_between_escapes_only(void **state)
{
	char text[1200];

	(void)state;
	memset(text, 0x9b, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_info("event", "text=%s", text);
	assert_int_equal(count_lines(logged()), 1);
	assert_string_equal(logged() + strlen(logged()) - 5, "\\x9b\n");
}

static void
cuts_a_line_that_is_too_long(void **state)
{
	char *text = mem_alloc(100001);

	(void)state;
	memset(text, 'x', 100000);
	text[100000] = '\0';
	log_info("event", "text=%s", text);
	log_info("next", "n=1");
	assert_int_equal(count_lines(logged()), 2);
	assert_in_range(strlen(logged()), 1000, 1200);
	free(text);
}

#define THREADS 4
#define LINES 200

static void *
log_many(void *arg)
{
	char id[2] = { *(char *)arg, '\0' };
	char text[200];

	memset(text, id[0], sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_request(id);
	for (int i = 0; i < LINES; i++)
		log_info("event", "text=%s", text);
	return NULL;
}

static void
lines_of_threads_do_not_mix(void **state)
{
	char ids[THREADS] = { 'a', 'b', 'c', 'd' };
	pthread_t threads[THREADS];
	const char *line;

	(void)state;
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, log_many, &ids[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	line = logged();
	assert_int_equal(count_lines(line), THREADS * LINES);
	while (*line != '\0') {
		const char *request = strstr(line, "request="),
			   *text = strstr(line, "text="),
			   *end = strchr(line, '\n');

		assert_true(request < text && text < end);
		assert_int_equal(strspn(text + 5, (char[]){ request[8], 0 }),
			end - text - 5);
		line = end + 1;
	}
}

/* Collected lines are written on their own, before any other line, and at the
 * end. */
static void
lines_that_wait_are_neither_lost_nor_late(void **state)
{
	const char *line;

	(void)state;
	log_soon("first", "n=1");
	assert_int_equal(count_lines(logged()), 1);
	log_start();
	log_soon("second", "n=2");
	log_soon("third", "n=3");
	log_warn("fourth", "n=4");
	assert_int_equal(count_lines(logged()), 4);
	line = strstr(logged(), "event=second n=2\n");
	assert_non_null(line);
	line = strstr(line, "event=third n=3\n");
	assert_non_null(line);
	assert_non_null(strstr(line, "event=fourth n=4\n"));
	log_soon("fifth", "n=5");
	while (count_lines(logged()) < 5)
		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
	for (int i = 0; i < 3000; i++)
		log_soon("many", "text=%0100d", i);
	log_stop();
	assert_int_equal(count_lines(logged()), 3005);
	log_soon("last", "n=6");
	assert_int_equal(count_lines(logged()), 3006);
}

#define PROGRAMS 3

/* A child that logs into the pipe like a busy program. */
static void
log_busily(int fd)
{
	dup2(fd, STDERR_FILENO);
	log_start();
	for (int i = 0; i < 1000; i++)
		log_soon("request", "text=%0100d", i);
	log_stop();
	_exit(0);
}

/* As under a supervisor or in a container: all share one pipe, which is full at
 * times. */
static void
lines_of_programs_do_not_mix(void **state)
{
	static const char text[] = " event=request text=";
	char line[1024];
	FILE *stream;
	int fds[2], whole = 0;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	for (int i = 0; i < PROGRAMS; i++)
		if (fork() == 0)
			log_busily(fds[1]);
	close(fds[1]);
	stream = fdopen(fds[0], "r");
	while (fgets(line, sizeof(line), stream) != NULL) {
		const char *at = strstr(line, text);

		whole += strncmp(line, "time=", 5) == 0 && at != NULL &&
			strlen(at) == strlen(text) + 100 + 1;
	}
	fclose(stream);
	while (wait(NULL) > 0)
		;
	assert_int_equal(whole, PROGRAMS * 1000);
}

static void
a_log_that_cannot_be_written_stops_nobody(void **state)
{
	(void)state;
	close(STDERR_FILENO);
	log_error("event", "n=1");
	dup2(kept_stderr, STDERR_FILENO);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, capture, release)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(writes_one_line_of_pairs),
		TEST(names_the_request),
		TEST(leaves_out_what_is_below_its_level),
		TEST(nobody_can_forge_a_line),
		TEST(escapes_what_is_no_plain_text),
		TEST(cuts_a_line_that_is_too_long),
		TEST(cuts_between_escapes_only),
		TEST(lines_of_threads_do_not_mix),
		TEST(lines_that_wait_are_neither_lost_nor_late),
		TEST(lines_of_programs_do_not_mix),
		TEST(a_log_that_cannot_be_written_stops_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
