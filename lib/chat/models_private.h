/* models_private.h: shared by models.c (which model is asked) and models_read.c
 * (the contents of the tables). */

#ifndef CHAT_MODELS_PRIVATE_H
#define CHAT_MODELS_PRIVATE_H

#include "base/monitor.h"
#include "chat/models.h"

struct models {
	const struct conf *conf;
	struct llm_settings settings; /* of the [llm] section */
	struct llm_model *configured;
	/* that the tables were read with; for the caller of models_look() */
	uint64_t epoch;
	/* True if a secret could not be opened; it will open when the secret
	 * file is the right one again. For the same caller. */
	bool closed;
	unsigned looks; /* since *closed* was set */

	struct monitor monitor;
	/* models of the tables, held; in the monitor */
	struct llm_model **list;
	size_t n;
	bool read; /* at least once; in the monitor */
};

/* Reads the models of the tables. Each is held; an unchanged one is the object
 * in *models*. The list is in memory that the caller frees. */
MUST_USE enum err models_read(struct models *models, struct db *db,
	struct llm_model ***list, size_t *n);

#endif
