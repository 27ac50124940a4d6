/*
 * publisher.h: what live streams have said goes to the journal in batches;
 * what comes back is shown. Of the loop's thread, unless it says otherwise.
 */

#ifndef CHAT_PUBLISHER_H
#define CHAT_PUBLISHER_H

#include "base/err.h"
#include "base/histogram.h"
#include "base/loop.h"
#include "chat/streams.h"
#include "conf/conf.h"
#include "repo/snowflake.h"

#include <stdbool.h>
#include <stdint.h>

struct publisher;

/* All that it is given outlives it. */
MUST_USE enum err publisher_open(const struct conf *conf, struct loop *loop,
	struct snowflake *ids, struct streams *streams, struct publisher **out);

/* At the end of every iteration of the loop. */
void publisher_publish(struct publisher *publisher);

/* When the loop has stopped: gives back the batch that is out. */
void publisher_stop(struct publisher *publisher);
/* Later, when no stream looks at what it was in and the loop is closed. */
void publisher_close(struct publisher *publisher);

struct publisher_counts {
	uint64_t batches_total;
	uint64_t ahead_total; /* times the database was away too long */
	bool ahead; /* it is away now: text is shown before its commit */
	const struct histogram *batch_times; /* of words; the publisher's */
};
/* Of any thread. */
struct publisher_counts publisher_counts(const struct publisher *publisher);

#endif
