/* fronttest.h: a program behind a front, in this process. */

#ifndef UNIT_HTTP_FRONTTEST_H
#define UNIT_HTTP_FRONTTEST_H

#include "../unit.h"
#include "http/front.h"

#include <semaphore.h>
#include <sys/resource.h>

#define BODY_MAX 100000

extern struct served {
	struct front *front;
	bool hands_over; /* as in the hooks */
	int64_t idle_ms; /* the same */
	_Atomic int threads; /* number of open threads */
	sem_t waiting, go_on; /* for requests for "/wait" */
	_Atomic int counted; /* number of requests for "/count" */
	char turns[64]; /* senders of "/turn", in order of service */
} served;

#define TEST(name) cmocka_unit_test_teardown(name, webtest_clear)

/* Runs the tests with a program that hands connections over, and again with one
 * that does not, whose connections stay watched while a thread has them.
 * Returns the number of failures. */
int fronttest_run(const struct CMUnitTest *tests, size_t n);

/* Stops the front, which ends all threads; also done after the tests. */
void fronttest_stop(void);

void pause_ms(long ms);

/* Whether the process may have that many descriptors. */
bool allow_descriptors(rlim_t n);

#endif
