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
	bool hands_over; /* as the hooks say */
	_Atomic int threads; /* that are open */
	sem_t waiting, go_on; /* of requests for "/wait" */
	_Atomic int counted; /* those for "/count" */
	char turns[64]; /* who asked for "/turn", in the order of service */
} served;

#define TEST(name) cmocka_unit_test_teardown(name, webtest_clear)

/* Runs the tests with a program that hands connections over, and again with
 * one that does not, whose connections stay watched while a thread has them.
 * How many failed. */
int fronttest_run(const struct CMUnitTest *tests, size_t n);

/* Stops the front, as the end of the tests does: all threads have ended. */
void fronttest_stop(void);

void pause_ms(long ms);

/* Whether there may be so many. */
bool allow_descriptors(rlim_t n);

#endif
