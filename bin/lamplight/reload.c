/* reload.c: makes the running programs adopt a new release and new settings
 * without interruption. */

#include "api/gather.h"
#include "base/clock.h"
#include "http/sibling.h"
#include "lamplight/commands.h"
#include "lamplight/systemd.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define UNIT "lamplight@chat.service"
#define COME_UP_MS 15000
#define LOOK_MS 5000
#define AGAIN_US 100000

static enum err
refuse(const char *sentence)
{
	fprintf(stderr, "%s\n", sentence);
	return ERR_CONFLICT;
}

static enum err
refuse_systemctl(void)
{
	return refuse(geteuid() == 0
			? "systemctl failed, and says above why."
			: "systemctl failed: it needs root, and says more "
			  "above.");
}

/* Shows on standard error the last lines that a unit has logged since then. */
static void
show_log(struct arena *arena, const char *unit, time_t since)
{
	const char *time_word =
		arena_printf(arena, "--since=@%" PRId64, (int64_t)since);

	fflush(stdout);
	SYSTEMD("journalctl", "--sync");
	SYSTEMD("sh", "-c", "exec \"$@\" >&2", "sh", "journalctl", "--quiet",
		"--output=cat", "--lines=12", "--unit", unit, time_word);
}

/*
 * Runs `lamplight check` under the account of a unit's programs, with what they
 * can see and may do. It is not run as a command of that unit, because systemd
 * would pass it the unit's socket, and make that socket blocking for the program
 * that accepts from it.
 */
static const char as_programs[] =
	"unit=$1 program=$2; shift 2\n"
	"settings=$(systemctl cat \"$unit\" | sed -nE "
	"':a;/\\\\$/{N;s/\\\\\\n/ /;ba};"
	"s/^([A-Za-z]+)[ \\t]*=[ \\t]*/\\1=/;"
	"/^(User|Group|Supplementary|Environment|UMask|NoNew|Capability|"
	"Ambient|Protect|Private|Proc|Restrict[AFNRS]|"
	"Lock|MemoryDeny|SystemCall|StateDirectory|ReadOnly|ReadWrite|"
	"Inaccessible|TemporaryFile|Bind[PR]|Root|LoadCred)[A-Za-z]*=/p')\n"
	"while IFS= read -r line; do set -- \"$@\" -p \"$line\"; done <<END\n"
	"$settings\nEND\n"
	"said=$(systemd-run --pipe --wait --quiet --collect \"$@\" \"$program\" "
	"check 2>&1) || { printf '%s\\n' \"$said\" >&2; exit 1; }";

/* Root reads more of this machine than the programs do. */
static enum err
check_as_programs(void)
{
	char self[PATH_MAX];

	if (realpath("/proc/self/exe", self) != NULL &&
		SYSTEMD("sh", "-c", as_programs, "sh", UNIT, self))
		return OK;
	return refuse(
		"Nothing was replaced: the programs could not work, for the "
		"reason above. Unlike root, they run under their own account "
		"(User= of lamplight@.service) and cannot see all of this "
		"machine (ProtectHome= and the like). Correct that, then run "
		"lamplight reload again.");
}

/* Asks all of them until they answer well, or until the time is over. */
static void
ask_until(struct sibling *siblings, int64_t end_ms)
{
	const struct sibling_ask ask = {
		.path = "/api/health/live", /* with a base path, too */
		.folder = SYSTEMD_SOCKETS,
		.wait_ms = LOOK_MS,
	};
	bool well;

	do {
		well = true;
		for (size_t i = 0; i < GATHER_PROGRAMS; i++)
			siblings[i] =
				(struct sibling){ .name = gather_programs[i] };
		sibling_get(siblings, GATHER_PROGRAMS, &ask);
		for (size_t i = 0; i < GATHER_PROGRAMS; i++)
			well = well && siblings[i].err == OK &&
				siblings[i].status == 200;
	} while (!well && clock_mono_ms() < end_ms && usleep(AGAIN_US) == 0);
}

/* A program without a socket is not wanted here, but at least one must have a
 * socket. */
static enum err
look_whether_up(struct task *task, time_t since)
{
	struct sibling siblings[GATHER_PROGRAMS];
	const char *names = "", *first = NULL;
	bool any = false;

	ask_until(siblings, clock_mono_ms() + COME_UP_MS);
	for (size_t i = 0; i < GATHER_PROGRAMS; i++) {
		const struct sibling *s = &siblings[i];

		any = any || s->err != ERR_NOT_FOUND;
		if (s->err == ERR_NOT_FOUND ||
			(s->err == OK && s->status == 200))
			continue;
		names = arena_printf(&task->arena, "%s %s", names, s->name);
		first = first != NULL ? first : s->name;
	}
	if (!any)
		return refuse("No program has a socket in " SYSTEMD_SOCKETS
			      ": systemctl restart lamplight.target");
	if (first == NULL)
		return OK;
	show_log(&task->arena,
		arena_printf(&task->arena, "lamplight@%s.service", first),
		since);
	return refuse(arena_printf(&task->arena,
		"These programs were started again and do not answer:%s. The "
		"log of %s, above, says why. Correct that, then run "
		"lamplight reload again.",
		names, first));
}

/* Units that have failed may start again, with their sockets; restarting the
 * target also starts units that a new release has added. */
enum err
reload(struct task *task)
{
	time_t since = time(NULL);

	if (!systemd_is_here())
		return refuse(
			"systemd runs no programs here. On a shared host, run "
			"./install --site again.");
	TRY(check(task));
	if (!SYSTEMD("systemctl", "is-active", "--quiet", "lamplight.target"))
		return refuse(
			"Lamplight is not running. To start it, run systemctl "
			"enable --now lamplight.target");
	fflush(stdout);
	if (!SYSTEMD("systemctl", "daemon-reload") ||
		!SYSTEMD("systemctl", "reset-failed", "lamplight@*"))
		return refuse_systemctl();
	TRY(check_as_programs());
	if (!SYSTEMD("systemctl", "start", "lamplight.target") ||
		!SYSTEMD("systemctl", "restart", "lamplight@*.service"))
		return refuse_systemctl();
	TRY(look_whether_up(task, since));
	puts("Reloaded: running replies finish in the old programs.");
	return OK;
}
