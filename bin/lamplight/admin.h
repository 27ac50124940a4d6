/* admin.h: shared by the commands for providers and models. */

#ifndef LAMPLIGHT_ADMIN_H
#define LAMPLIGHT_ADMIN_H

#include "lamplight/commands.h"
#include "repo/model.h"
#include "repo/provider_seal.h"

/* The keys that seal secrets, after checking the schema. */
enum err admin_ring(struct task *task, struct secret_ring *ring);

/* Finds a provider by name or id; reports it if there is none. */
enum err
admin_provider(struct task *task, const char *name, struct provider_row *out);

/* Finds a model by id, or by a unique label or upstream name; reports it if
 * there is none. */
enum err
admin_model(struct task *task, const char *name, struct model_row *out);

/* Returns *err*; for ERR_CONFLICT, reports why a provider's secrets cannot be
 * opened. */
enum err
admin_closed(struct task *task, const struct secret_ring *ring, enum err err);

/* Returns *err*; if the row was refused, reports the reason. */
enum err admin_refused(enum err err, const char *field, const char *sentence);

#endif
