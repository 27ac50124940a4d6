/* doctor_here.c: this machine: files and limits. */

#include "lamplight/doctor.h"

#include "api/doctor.h"
#include "base/clock.h"
#include "base/file.h"
#include "lamplight/commands.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONF_FILE "/etc/lamplight/lamplight.conf"
#define SOMAXCONN_FILE "/proc/sys/net/core/somaxconn"
#define SOMAXCONN_MIN 1024

#define SAY(d, severity, code, remedy, ...) \
	doctor_say((d), (severity), (code), \
		arena_printf(&(d)->arena, __VA_ARGS__), (remedy))

/* ---- files */

static void
look_at_conf_file(struct doctor *d)
{
	const char *path = getenv("LAMPLIGHT_CONF");
	const char *exposed;
	struct stat st;

	if (path == NULL || path[0] == '\0')
		path = CONF_FILE;
	if (stat(path, &st) != 0)
		return;
	exposed = file_exposed(path);
	if ((st.st_mode & S_IWOTH) != 0)
		SAY(d, FINDING_ERROR, "configuration_writable",
			"Run chmod o-w on it.",
			"Everybody on this machine may change %s.", path);
	else if (exposed != NULL && d->conf.auth.secret_modes == CONF_WARN)
		SAY(d, FINDING_WARNING, "configuration_readable",
			"Deny access to others if it contains a secret.",
			"Of %s: %s.", path, exposed);
}

static bool
is_there(struct doctor *d, const char *path)
{
	const char *run = "Run this command as root or as the programs' user.";

	if (access(path, R_OK) == 0)
		return true;
	if (errno == EACCES)
		SAY(d, FINDING_WARNING, "secret_not_readable", run,
			"You may not read the secret file %s, and the running "
			"programs cannot be asked without it.",
			path);
	else
		SAY(d, FINDING_ERROR, "secret_missing",
			"Put it back, or set auth.secret_file to where it is. "
			"Only if there never was one, run lamplight setup: it "
			"creates a new one, which cannot decrypt anything.",
			"There is no secret file %s.", path);
	return false;
}

static void
look_at_secret(struct doctor *d)
{
	const char *path = d->conf.auth.secret_file;

	if (!is_there(d, path))
		return;
	if (secret_load(&d->arena, path, &d->ring) != OK) {
		SAY(d, FINDING_ERROR, "secret",
			"Correct that; if the key is lost, restore it from a "
			"backup.",
			TASK_SECRET_REFUSED, path, d->ring.refused);
		return;
	}
	d->token = doctor_token(&d->arena, &d->ring, clock_wall_ms() / 1000);
	doctor_say(d, FINDING_OK, "secret",
		"The secret file is usable, and only its owner can read it.",
		NULL);
}

static void
look_at_queue(struct doctor *d)
{
	struct span text;
	int64_t max;

	if (file_read(&d->arena, SOMAXCONN_FILE, 64, &text) != OK)
		return;
	max = strtoll(text.data, NULL, 10);
	if (max < SOMAXCONN_MIN)
		SAY(d, FINDING_WARNING, "somaxconn",
			"Run sysctl -w net.core.somaxconn=4096 and put it into "
			"/etc/sysctl.d.",
			"Only %" PRId64
			" connections can wait at a socket of this machine; "
			"more at once are refused.",
			max);
}

void
doctor_files(struct doctor *d)
{
	look_at_conf_file(d);
	look_at_secret(d);
	look_at_queue(d);
}
