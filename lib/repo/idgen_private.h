/* idgen_private.h: what an id is made of, for tests. */

#ifndef REPO_IDGEN_PRIVATE_H
#define REPO_IDGEN_PRIVATE_H

#include "repo/idgen.h"

int64_t id_ms(uint64_t id); /* ms since 1970 */
uint64_t id_node(uint64_t id);

#endif
