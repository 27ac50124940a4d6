#include "base/hurry.h"

#include <signal.h>
#include <time.h>

bool
hurry_asked(void)
{
	const struct timespec at_once = { 0, 0 };
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	return sigtimedwait(&ends, NULL, &at_once) > 0;
}
