/* testmodel.h: the model in the [llm] section of a test's configuration. */

#ifndef UNIT_CHAT_TESTMODEL_H
#define UNIT_CHAT_TESTMODEL_H

#include "chat/models.h"

/* Returns a model named "m", which the caller releases. */
struct llm_model *testmodel_open(const struct conf *conf, size_t reply_max);

/* The set with only this model, shared by a whole program: the first call's
 * configuration counts. */
struct models *testmodels(const struct conf *conf);

#endif
