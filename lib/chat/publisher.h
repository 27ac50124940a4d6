/*
 * publisher.h: sends what live streams have said to the journal in batches, and
 * shows it when it is back. Everything belongs to the loop's thread, unless
 * noted.
 */

#ifndef CHAT_PUBLISHER_H
#define CHAT_PUBLISHER_H

#include "base/err.h"
#include "base/histogram.h"
#include "base/loop.h"
#include "chat/streams.h"
#include "conf/conf.h"
#include "llm/client.h"
#include "repo/snowflake.h"

#include <stdbool.h>
#include <stdint.h>

struct publisher;

/* All arguments must outlive the publisher. */
MUST_USE enum err publisher_open(const struct conf *conf, struct loop *loop,
	struct snowflake *ids, struct streams *streams,
	struct llm_client *models, struct publisher **out);

/* Call this at the end of every iteration of the loop. */
void publisher_publish(struct publisher *publisher);

/* Ends the journals, which give back or give up the batches that are out. Call
 * this when the loop has stopped. */
void publisher_stop(struct publisher *publisher);
/* Call this later, when no stream refers to the publisher and the loop is
 * closed. */
void publisher_close(struct publisher *publisher);

struct publisher_counts {
	uint64_t batches_total;
	uint64_t ahead_total; /* how often the database was away too long */
	/* the database is away now, and text is shown before its commit */
	bool ahead;
	/* of batches with text; the publisher's */
	const struct histogram *batch_times;
};
/* May be called from any thread. */
struct publisher_counts publisher_counts(const struct publisher *publisher);

#endif
