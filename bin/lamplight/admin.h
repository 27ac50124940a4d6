/* admin.h: what the commands for providers and models share. */

#ifndef LAMPLIGHT_ADMIN_H
#define LAMPLIGHT_ADMIN_H

#include "lamplight/commands.h"
#include "repo/model.h"
#include "repo/provider_seal.h"

/* The keys that secrets are sealed with, after a look at the schema. */
enum err admin_ring(struct task *task, struct secret_ring *ring);

/* By name or id; says so when there is none. */
enum err
admin_provider(struct task *task, const char *name, struct provider_row *out);

/* By id, or by a label or upstream name that no other has; likewise. */
enum err
admin_model(struct task *task, const char *name, struct model_row *out);

/* Passes *err* on; says of ERR_CONFLICT why a provider's secrets are not opened. */
enum err
admin_closed(struct task *task, const struct secret_ring *ring, enum err err);

/* Passes *err* on; says what was wrong where the row was refused. */
enum err admin_refused(enum err err, const char *field, const char *sentence);

#endif
