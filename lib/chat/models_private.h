/* models_private.h: for models.c (who is asked) and models_read.c (what stands in
 * the tables). */

#ifndef CHAT_MODELS_PRIVATE_H
#define CHAT_MODELS_PRIVATE_H

#include "base/monitor.h"
#include "chat/models.h"

struct models {
	const struct conf *conf;
	struct llm_settings settings; /* of the [llm] section */
	struct llm_model *configured;
	uint64_t epoch; /* that was read; who looks */
	/* Something sealed could not be opened: whenever the secret file is the
	 * right one again. Likewise. */
	bool closed;
	unsigned looks; /* since it was closed */

	struct monitor monitor;
	struct llm_model **list; /* of the tables, held; in the monitor */
	size_t n;
	bool read; /* once, in the monitor */
};

/* Models as the tables have them now, each held, those of *models* where they
 * are the same; in memory of the caller's. */
MUST_USE enum err models_read(struct models *models, struct db *db,
	struct llm_model ***list, size_t *n);

void models_release(struct llm_model **list, size_t n);

#endif
