/* doctor_here.c: what lies on this machine: files, sockets, programs. */

#include "lamplight/doctor.h"

#include "api/doctor.h"
#include "api/doctor_settings.h"
#include "api/gather.h"
#include "base/clock.h"
#include "base/file.h"
#include "http/sibling.h"
#include "lamplight/commands.h"
#include "repo/schema.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONF_FILE "/etc/lamplight/lamplight.conf"
#define PROGRAMS_WAIT_MS 3000
#define SOMAXCONN_FILE "/proc/sys/net/core/somaxconn"
#define SOMAXCONN_MIN 1024
/* Of the chat program beside its streams: sockets, database, files. */
#define DESCRIPTORS_BESIDE 200

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
			"Shut the others out, unless no secret is in it.",
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
			"Only where there never was one: lamplight setup makes "
			"a new one, which opens nothing that is sealed.",
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
			"Mend that; if the key is lost, restore it from a "
			"backup.",
			TASK_SECRET_REFUSED, path, d->ring.refused);
		return;
	}
	d->token = doctor_token(&d->arena, &d->ring, clock_wall_ms() / 1000);
	doctor_say(d, FINDING_OK, "secret",
		"The secret file can be used, and is readable by its owner "
		"alone.",
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
			" connections may wait at a socket of this machine, and "
			"a crowd is refused.",
			max);
}

void
doctor_files(struct doctor *d)
{
	look_at_conf_file(d);
	look_at_secret(d);
	look_at_queue(d);
}

/* ---- sockets */

#define N_PROGRAMS GATHER_PROGRAMS

/* FastCGI knows no passwords: who may connect may claim to be any address, and
 * read what the operator may. */
static void
look_at_modes(struct doctor *d, const char *program)
{
	const char *path =
		arena_printf(&d->arena, "%s/%s.sock", d->sockets, program);
	struct stat folder, st;

	if (stat(d->sockets, &folder) != 0 || stat(path, &st) != 0)
		return;
	if ((st.st_mode & S_IWOTH) != 0 && (folder.st_mode & S_IXOTH) != 0)
		SAY(d, FINDING_ERROR, "socket_open",
			"Let the web server's group connect alone: "
			"SocketMode=0660 and SocketGroup=www-data in "
			"lamplight@.socket, or chmod 660.",
			"Everybody on this machine may connect to %s.", path);
}

static void
tell_program(struct doctor *d, const struct sibling *s)
{
	/* Whoever administers by commands alone needs no admin. */
	bool needed = strcmp(s->name, "admin") != 0;

	if (s->err == ERR_NOT_FOUND)
		SAY(d, needed ? FINDING_ERROR : FINDING_WARNING,
			"program_absent",
			arena_printf(&d->arena,
				"Run systemctl enable --now "
				"lamplight@%s.socket; or name the folder of "
				"the sockets by --sockets.",
				s->name),
			"The program %s has no socket in %s.", s->name,
			d->sockets);
	else if (s->err == ERR_DENIED)
		SAY(d, FINDING_WARNING, "socket_denied",
			"Run this command as root or as the programs' user.",
			"You may not connect to the socket of %s.", s->name);
	else if (s->err != OK || s->status != 200)
		SAY(d, FINDING_ERROR, "program_away",
			arena_printf(&d->arena,
				"See its log (journalctl -u lamplight@%s), "
				"then restart it.",
				s->name),
			"The program %s does not answer on its socket.",
			s->name);
}

/* Without the base path, which a program takes off where it stands: what a wrong
 * one does, the address shows, or the settings that differ. */
static void
ask_live(struct doctor *d, struct sibling *siblings)
{
	const struct sibling_ask ask = {
		.path = "/api/health/live",
		.folder = d->sockets,
		.wait_ms = PROGRAMS_WAIT_MS,
	};

	for (size_t i = 0; i < N_PROGRAMS; i++)
		siblings[i] = (struct sibling){ .name = gather_programs[i] };
	sibling_get(siblings, N_PROGRAMS, &ask);
}

/* ---- what a running program says of itself */

void
doctor_settings(struct doctor *d, const struct json *facts, const char *but)
{
	const char *apart = doctor_apart(&d->arena, &d->conf, &d->ring.keys[0],
		json_get(facts, "settings"), but);

	if (apart != NULL)
		SAY(d, FINDING_WARNING, "settings_differ",
			"Run lamplight reload (on a shared host ./install "
			"--site, again). If they differ still, LAMPLIGHT_CONF "
			"or another variable is not the same here and there.",
			"The running programs have other settings than this "
			"command: %s.",
			apart);
}

static void
compare(struct doctor *d, const struct json *facts)
{
	int64_t nofile = json_int(json_get(facts, "nofile"), 0);
	int64_t streams = json_int(json_get(facts, "streamsMax"), 0);

	if (json_int(json_get(facts, "schema"), 0) != SCHEMA_VERSION)
		doctor_say(d, FINDING_ERROR, "release",
			"The running programs are of another release than "
			"this command.",
			"Restart them: lamplight reload.");
	doctor_settings(d, facts, NULL);
	if ((nofile - DESCRIPTORS_BESIDE) / 2 < streams)
		SAY(d, FINDING_WARNING, "nofile",
			"Raise LimitNOFILE of lamplight@chat to 65536 (or "
			"ulimit -n), or lower chat.streams_max.",
			"The chat program may open %" PRId64
			" files, which is enough for %" PRId64
			" live replies; chat.streams_max is %" PRId64 ".",
			nofile, MAX((nofile - DESCRIPTORS_BESIDE) / 2, 0),
			streams);
}

static void
ask_chat(struct doctor *d)
{
	const struct sibling_pair pairs[] = { { "HTTP_X_LAMPLIGHT_DOCTOR",
		d->token } };
	const struct sibling_ask ask = {
		.path = DOCTOR_PATH,
		.folder = d->sockets,
		.pairs = pairs,
		.n_pairs = LENGTH(pairs),
		.wait_ms = PROGRAMS_WAIT_MS,
	};
	struct buf body = BUF_INIT;
	struct sibling chat = { .name = "chat", .body = &body };
	const struct json *facts;

	sibling_get(&chat, 1, &ask);
	if (chat.err == OK && chat.status == 404)
		doctor_say(d, FINDING_ERROR, "secret_differs",
			"The running programs do not know the key of this "
			"secret file, or are of an older release.",
			"Let LAMPLIGHT_CONF name their configuration, and "
			"restart them.");
	else if (chat.err == OK && chat.status == 200 &&
		json_parse(&d->arena, buf_span(&body), &facts) == OK)
		compare(d, facts);
	buf_free(&body);
}

/* With mod_fcgid the web server starts the programs, and there are no sockets;
 * the address says how they do. */
static bool
are_by_web(struct doctor *d, const struct sibling *siblings)
{
	for (size_t i = 0; i < N_PROGRAMS; i++)
		if (siblings[i].err != ERR_NOT_FOUND)
			return false;
	d->by_web = d->url != NULL;
	if (d->by_web)
		SAY(d, FINDING_OK, "programs_by_web", NULL,
			"No program has a socket in %s: the web server starts "
			"them, as with mod_fcgid. Else run systemctl enable "
			"--now lamplight.target.",
			d->sockets);
	return d->by_web;
}

void
doctor_programs(struct doctor *d)
{
	struct sibling siblings[N_PROGRAMS];
	unsigned n_ok = 0;

	ask_live(d, siblings);
	if (are_by_web(d, siblings))
		return;
	for (size_t i = 0; i < N_PROGRAMS; i++) {
		n_ok += siblings[i].err == OK && siblings[i].status == 200;
		tell_program(d, &siblings[i]);
		look_at_modes(d, gather_programs[i]);
	}
	if (n_ok == N_PROGRAMS)
		doctor_say(d, FINDING_OK, "programs",
			"Every program answers on its socket.", NULL);
	if (d->token != NULL && siblings[0].err == OK)
		ask_chat(d);
}
