#include "api/verbosity.h"

#include "base/log.h"

void
verbosity_add(sigset_t *set)
{
	sigaddset(set, SIGUSR1);
	sigaddset(set, SIGUSR2);
}

bool
verbosity_take(int signal_number, int64_t configured)
{
	if (signal_number != SIGUSR1 && signal_number != SIGUSR2)
		return false;
	log_level_set(signal_number == SIGUSR1 ? LOG_DEBUG
					       : (enum log_level)configured);
	log_warn("log_level", "all=%d", signal_number == SIGUSR1);
	return true;
}
