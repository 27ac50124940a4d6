/* current_time {zone?} -> {time, zone, weekday} */

#include "tool/tool.h"

#include "base/clock.h"
#include "base/zone.h"
#include "json/write.h"

#include <stdlib.h>
#include <time.h>

/* Writes the time of a clock that is *offset* seconds ahead of UTC. */
static void
put_time(struct json_writer *w, struct arena *arena, int64_t now_s,
	int32_t offset)
{
	time_t shown = now_s + offset;
	struct tm tm;
	char text[32], weekday[16];

	gmtime_r(&shown, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	strftime(weekday, sizeof(weekday), "%A", &tm);
	json_member_str(w, "time",
		arena_printf(arena, "%s%c%02d:%02d", text,
			offset < 0 ? '-' : '+', abs(offset) / 3600,
			abs(offset) / 60 % 60));
	json_member_str(w, "weekday", weekday);
}

enum err
tool_time(struct tool_run *run, struct buf *out)
{
	const struct json *member = json_get(run->input, "zone");
	const char *zone = member != NULL ? json_str(member) : "UTC";
	int64_t now_s = clock_wall_ms() / 1000;
	struct json_writer w = json_writer(out);
	int32_t offset;

	if (zone == NULL || zone_offset(zone, now_s, &offset) != OK) {
		buf_puts(out,
			"There's no time zone with this name. Use an IANA "
			"name such as Europe/Berlin.");
		return ERR_INVALID;
	}
	json_open(&w, '{');
	put_time(&w, run->arena, now_s, offset);
	json_member_str(&w, "zone", zone);
	json_close(&w, '}');
	return OK;
}
