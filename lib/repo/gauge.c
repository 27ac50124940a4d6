#include "repo/gauge.h"

/* Each counts entries of an index, or of a table with 1024 rows. */
static const char READ[] =
	"SELECT"
	" (SELECT COUNT(*) FROM message WHERE streaming_session IS NOT NULL),"
	" (SELECT COUNT(*) FROM worker WHERE lease_until > ?),"
	" (SELECT COUNT(*) FROM (SELECT 1 FROM search_pending LIMIT ?) AS p),"
	" (SELECT COUNT(*) FROM (SELECT 1 FROM erasure LIMIT ?) AS e),"
	" (SELECT COUNT(*) FROM (SELECT 1 FROM user_limit LIMIT ?) AS l)";

static void
read_gauges(struct row *row, void *out)
{
	struct gauges *gauges = out;

	gauges->replies_running = row_u64(row);
	gauges->nodes_leased = row_u64(row);
	gauges->search_pending = row_u64(row);
	gauges->erasures = row_u64(row);
	gauges->user_limits = row_u64(row);
}

enum err
gauge_read(
	struct db *db, struct arena *arena, int64_t now_ms, struct gauges *out)
{
	return db_one(db, arena, READ,
		PARAMS(TIME(now_ms), U64(GAUGE_MAX), U64(GAUGE_MAX),
			U64(GAUGE_MAX)),
		read_gauges, out);
}
