/* hub_private.h: shared by hub.c and hub_check.c. */

#ifndef CHAT_HUB_PRIVATE_H
#define CHAT_HUB_PRIVATE_H

#include "base/monitor.h"
#include "chat/hub.h"
#include "chat/life.h"
#include "chat/publisher.h"

#include <pthread.h>
#include <stdatomic.h>

struct hub {
	struct lives lives; /* the loop's, except for its count */
	struct publisher *publisher;
	pthread_t thread;

	struct timer heartbeat, drain;
	bool draining, giving_up;
	/* from now on another request to end is meant; earlier ones do not
	 * count (HURRY_MS) */
	bool hurries;
	int64_t drain_end_ms;
	bool leaving; /* nothing runs any more, but some readers still read */
	size_t resident; /* resident memory of the process at its start */
	int64_t looked_ms; /* when memory was last compared with *resident* */
	_Atomic uint64_t n_begun;
	struct steps_meter meter;

	struct monitor monitor; /* guards the members below */
	struct hub_opening *openings;
};

#endif
