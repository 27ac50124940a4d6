/* testmodel.h: who is asked, by the section [llm] of a test's configuration. */

#ifndef UNIT_CHAT_TESTMODEL_H
#define UNIT_CHAT_TESTMODEL_H

#include "chat/models.h"

/* Named "m"; the caller's. */
struct llm_model *testmodel_open(const struct conf *conf, size_t reply_max);

/* The same alone, for all of a program: the first one's configuration counts. */
struct models *testmodels(const struct conf *conf);

#endif
