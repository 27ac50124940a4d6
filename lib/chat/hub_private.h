/* hub_private.h: for hub.c and hub_check.c. */

#ifndef CHAT_HUB_PRIVATE_H
#define CHAT_HUB_PRIVATE_H

#include "base/monitor.h"
#include "chat/hub.h"
#include "chat/life.h"
#include "chat/publisher.h"

#include <pthread.h>
#include <stdatomic.h>

struct hub {
	struct lives lives; /* the loop's, but for its count */
	struct publisher *publisher;
	pthread_t thread;

	struct timer heartbeat, drain;
	bool draining, giving_up;
	bool hurries; /* who asks for the end again means it */
	int64_t drain_end_ms;
	bool leaving; /* nothing runs any more; some still read */
	size_t resident; /* memory of the process at its start */
	int64_t looked_ms; /* when it was compared with that */
	_Atomic uint64_t n_begun;
	struct steps_meter meter;

	struct monitor monitor; /* of what follows */
	struct hub_opening *openings;
};

#endif
