#include "repo/clocks.h"

#include "base/clock.h"
#include "base/log.h"
#include "repo/snowflake.h"
#include "repo/worker.h"

#include <inttypes.h>

enum err
clocks_behind(struct db *db, const char *who, int64_t *now_ms)
{
	int64_t here_ms = clock_wall_ms(), there_ms;

	TRY(worker_clock(db, &there_ms));
	*now_ms = MIN(here_ms, there_ms);
	if (MAX(here_ms, there_ms) - *now_ms <= SNOWFLAKE_SKEW_MAX_MS)
		return OK;
	log_warn("clocks_apart",
		"waits=%s host_ms=%" PRId64 " database_ms=%" PRId64, who,
		here_ms, there_ms);
	return ERR_CONFLICT;
}
