/* testmodel.h: a model to ask, by the section [llm] of a test's configuration. */

#ifndef UNIT_CHAT_TESTMODEL_H
#define UNIT_CHAT_TESTMODEL_H

#include "llm/model.h"

/* Named "m"; the caller's. */
struct llm_model *testmodel_open(const struct conf *conf, size_t reply_max);

#endif
