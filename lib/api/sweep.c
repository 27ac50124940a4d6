#include "api/sweep.h"

#include "base/log.h"
#include "repo/clocks.h"
#include "repo/invite.h"
#include "repo/login.h"
#include "repo/throttle.h"

void
sweep_over(struct db *db)
{
	uint64_t n = 1;
	int64_t now_ms;

	if (clocks_behind(db, "sweep", &now_ms) != OK)
		return;
	while (n > 0 && login_sweep(db, now_ms, &n) == OK) {
	}
	n = 1;
	while (n > 0 && throttle_sweep(db, now_ms, &n) == OK) {
	}
	if (invite_sweep(db, now_ms) != OK)
		log_info("sweep_failed", "table=invite");
}
