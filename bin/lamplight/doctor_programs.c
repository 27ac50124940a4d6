/* doctor_programs.c: the programs of this machine, asked over their sockets. */

#include "lamplight/doctor.h"

#include "api/doctor.h"
#include "api/doctor_settings.h"
#include "api/gather.h"
#include "http/sibling.h"
#include "lamplight/systemd.h"
#include "repo/schema.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAMS_WAIT_MS 3000
/* Descriptors that the program chat needs besides its streams: sockets,
 * database, files. */
#define DESCRIPTORS_BESIDE 200
#define N_PROGRAMS GATHER_PROGRAMS

#define SAY(d, severity, code, remedy, ...) \
	doctor_say((d), (severity), (code), \
		arena_printf(&(d)->arena, __VA_ARGS__), (remedy))

/* ---- sockets */

/* FastCGI has no authentication: a process that can connect may claim any
 * client address, and read what only the operator may. */
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
			"Allow only the web server's group to connect: "
			"SocketMode=0660 and SocketGroup=www-data in "
			"lamplight@.socket, or chmod 660.",
			"Everybody on this machine may connect to %s.", path);
}

/* Asks without the base path, which a program removes if it is there: the
 * public address, or a difference in settings, reveals a wrong one. */
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

/* ---- reporting programs with the same problem in one sentence */

enum trouble { NONE, ABSENT, DENIED, WAITS, AWAY };

static enum trouble
trouble_of(const struct sibling *s)
{
	if (s->err == ERR_NOT_FOUND)
		return ABSENT;
	if (s->err == ERR_DENIED)
		return DENIED;
	if (s->err == OK && s->status == 503)
		return WAITS;
	return s->err == OK && s->status == 200 ? NONE : AWAY;
}

/* "auth, chat", or NULL if there are none. */
static const char *
names_of(struct doctor *d, const struct sibling *siblings, enum trouble trouble)
{
	const char *names = NULL;

	for (size_t i = 0; i < N_PROGRAMS; i++) {
		if (trouble_of(&siblings[i]) != trouble)
			continue;
		d->said |= 1U << i;
		names = names == NULL ? siblings[i].name
				      : arena_printf(&d->arena, "%s, %s", names,
						siblings[i].name);
	}
	return names;
}

/* systemd starts what has failed or was never started; *again*: the command if
 * the target is already running. */
static const char *
remedy_of(const struct doctor *d, const char *again)
{
	if (!systemd_is_here() || strcmp(d->sockets, SYSTEMD_SOCKETS) != 0)
		return "See their logs, then start them again; or give the "
		       "folder of the sockets with --sockets.";
	if (!SYSTEMD("systemctl", "is-active", "--quiet", "lamplight.target"))
		return "They are stopped: run systemctl start lamplight.target "
		       "(enable --now also starts them after a boot).";
	return again;
}

void
doctor_waits(struct doctor *d, const char *names)
{
	if (d->no_database)
		SAY(d, FINDING_WARNING, "programs_wait",
			"They continue by themselves when it is back.",
			"These programs wait for the database, and answer 503: "
			"%s.",
			names);
	else
		SAY(d, FINDING_ERROR, "programs_wait",
			"See what their log says (journalctl -u "
			"'lamplight@*'), and whether they have the same "
			"settings as this command.",
			"These programs wait for a database that this command "
			"can use, and answer 503: %s.",
			names);
}

static void
tell_programs(struct doctor *d, const struct sibling *siblings)
{
	const char *absent = names_of(d, siblings, ABSENT);
	const char *denied = names_of(d, siblings, DENIED);
	const char *waiting = names_of(d, siblings, WAITS);
	const char *away = names_of(d, siblings, AWAY);

	/* The program admin is optional: commands suffice to administer a
	 * site. */
	if (absent != NULL)
		SAY(d,
			strcmp(absent, "admin") == 0 ? FINDING_WARNING
						     : FINDING_ERROR,
			"program_absent",
			remedy_of(d, "Run systemctl restart lamplight.target."),
			"These programs have no socket in %s: %s.", d->sockets,
			absent);
	if (denied != NULL)
		SAY(d, FINDING_WARNING, "socket_denied",
			"Run this command as root or as the programs' user.",
			"You may not connect to the sockets of these programs: "
			"%s.",
			denied);
	if (waiting != NULL)
		doctor_waits(d, waiting);
	if (away != NULL)
		SAY(d, FINDING_ERROR, "program_away",
			remedy_of(d,
				"Run lamplight reload, which starts what has "
				"failed, and says why when it does not come "
				"up."),
			"These programs do not answer on their sockets: %s.",
			away);
}

/* ---- the facts that a running program reports */

void
doctor_settings(struct doctor *d, const struct json *facts, const char *but)
{
	const char *apart = doctor_apart(&d->arena, &d->conf, &d->ring.keys[0],
		json_get(facts, "settings"), but);

	if (apart != NULL)
		SAY(d, FINDING_WARNING, "settings_differ",
			"Run lamplight reload (on a shared host ./install "
			"--site, again). If they still differ, LAMPLIGHT_CONF "
			"or another variable has different values here and "
			"there.",
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
			"The running programs belong to another release than "
			"this command.",
			"Restart them: lamplight reload.");
	doctor_settings(d, facts, NULL);
	if (nofile / 2 - DESCRIPTORS_BESIDE / 2 < streams)
		SAY(d, FINDING_WARNING, "nofile",
			"Raise LimitNOFILE of lamplight@chat to 65536 (or "
			"ulimit -n), or lower chat.streams_max.",
			"The chat program may open %" PRId64
			" files, which is enough for %" PRId64
			" live replies; chat.streams_max is %" PRId64 ".",
			nofile, MAX(nofile / 2 - DESCRIPTORS_BESIDE / 2, 0),
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
			"Set LAMPLIGHT_CONF to their configuration, and "
			"restart them.");
	else if (chat.err == OK && chat.status == 200 &&
		json_parse(&d->arena, buf_span(&body), &facts) == OK)
		compare(d, facts);
	else
		SAY(d, FINDING_ERROR, "program_away",
			"See its log, and restart it: lamplight reload.",
			"The program chat does not tell its settings and "
			"limits, or not completely (%d).",
			chat.status);
	buf_free(&body);
}

/* With mod_fcgid the web server starts the programs, and there are no sockets,
 * nor a folder for them; the public address then shows how they work. */
static bool
are_by_web(struct doctor *d, const struct sibling *siblings)
{
	d->by_web = d->url != NULL && access(d->sockets, F_OK) != 0;
	for (size_t i = 0; i < N_PROGRAMS; i++)
		d->by_web = d->by_web && trouble_of(&siblings[i]) == ABSENT;
	return d->by_web;
}

void
doctor_programs(struct doctor *d)
{
	struct sibling siblings[N_PROGRAMS];

	ask_live(d, siblings);
	if (are_by_web(d, siblings))
		return;
	tell_programs(d, siblings);
	for (size_t i = 0; i < N_PROGRAMS; i++)
		look_at_modes(d, gather_programs[i]);
	if (d->said == 0)
		doctor_say(d, FINDING_OK, "programs",
			"Every program answers on its socket.", NULL);
	if (d->token != NULL && trouble_of(&siblings[0]) == NONE)
		ask_chat(d);
}
