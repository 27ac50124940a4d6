/* doctor_reach.c: whether the public address leads to all programs. */

#include "lamplight/doctor.h"

#include "api/doctor.h"
#include "api/gather.h"
#include "llm/probe.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define WAIT_MS 10000

#define SAY(d, severity, code, remedy, ...) \
	doctor_say((d), (severity), (code), \
		arena_printf(&(d)->arena, __VA_ARGS__), (remedy))

/* ---- each of the programs */

/* One address per location in a release's web server files; the requests carry
 * no login, so they touch nobody's chats. */
static const struct place {
	const char *program, *path;
} places[] = {
	{ "auth", "/api/config" },
	{ "sessions", "/api/ai/sessions" },
	{ "sessions", "/api/ai/config" },
	{ "sessions", "/api/ai/assistants" },
	{ "messages", "/api/ai/sessions/1/messages" },
	{ "chat", "/api/ai/models" },
	{ "admin", "/api/admin/providers" },
	{ "health", "/api/health/live" },
};

/* The findings in words: "/api/config (auth, 404)". */
struct found {
	const char *away, *astray, *waiting;
	bool needed; /* a program other than admin is unreachable */
	unsigned n, n_well;
};

static unsigned
bit_of(const char *program)
{
	unsigned i = 0;

	while (i < GATHER_PROGRAMS && strcmp(gather_programs[i], program) != 0)
		i++;
	return 1U << i;
}

/* Whether the answer comes from one of our programs, not from a web server or a
 * page. */
static bool
is_ours(struct doctor *d, const struct probe_answer *answer)
{
	const char *type = probe_header(&d->arena, answer, "Content-Type");

	return type != NULL &&
		strncasecmp(type,
			answer->status == 200 ? "application/json"
					      : "application/problem+json",
			answer->status == 200 ? 16 : 24) == 0;
}

static void
add(struct doctor *d, const char **list, const char *item)
{
	*list = *list == NULL ? item
			      : arena_printf(&d->arena, "%s, %s", *list, item);
}

static void
judge(struct doctor *d, const struct place *place,
	const struct probe_answer *answer, struct found *found)
{
	bool ours = answer->result == PROBE_OK && is_ours(d, answer);
	unsigned bit = bit_of(place->program);

	if (ours && answer->status == 503) {
		if ((d->said & bit) == 0)
			add(d, &found->waiting, place->program);
		d->said |= bit;
	} else if (ours && answer->status != 404) {
		found->n_well++;
	} else {
		add(d, ours ? &found->astray : &found->away,
			arena_printf(&d->arena, "%s (%s, %ld)", place->path,
				place->program, answer->status));
		found->needed =
			found->needed || strcmp(place->program, "admin") != 0;
	}
}

/* Skips programs already reported as not answering. */
static void
ask_places(struct doctor *d, struct found *found)
{
	unsigned said = d->said;

	for (size_t i = 0; i < LENGTH(places); i++) {
		const struct probe_ask ask = { .url = arena_printf(&d->arena,
						       "%s%s", d->url,
						       places[i].path),
			.ca_file = d->ca_file,
			.wait_ms = WAIT_MS };
		struct probe_answer answer;

		if ((said & bit_of(places[i].program)) != 0)
			continue;
		probe(&d->arena, &ask, &answer);
		found->n++;
		judge(d, &places[i], &answer, found);
		probe_free(&answer);
	}
}

#define BY_WEB_REMEDY                                                      \
	"The web server starts the programs: check that their scripts in " \
	"cgi-bin in the site's folder exist, are executable and point to " \
	"the programs, and what the web server's error log says. "         \
	"./install --site, run again, creates them."

static void
tell_places(struct doctor *d, const struct found *found)
{
	enum severity severity =
		found->needed ? FINDING_ERROR : FINDING_WARNING;

	if (found->waiting != NULL)
		doctor_waits(d, found->waiting);
	if (found->away != NULL)
		SAY(d, severity, "web_programs",
			d->by_web ? BY_WEB_REMEDY
				  : "Enter their sockets in the web server's "
				    "configuration, as in " DOCTOR_FILES
				    ", and add its user to their group.",
			"At the given address, these paths do not answer: %s.",
			found->away);
	if (found->astray != NULL)
		SAY(d, severity, "web_route",
			"Pass each on to the program in brackets, as " DOCTOR_FILES
			" do, and let all programs be of this release.",
			"These addresses lead to the wrong program, or to one "
			"of another release: %s.",
			found->astray);
}

bool
doctor_routes(struct doctor *d, bool reached)
{
	struct found found = { 0 };

	ask_places(d, &found);
	/* All failures have the same cause, which the way to the site
	 * explains. */
	if (!reached && found.n_well == 0 && found.waiting == NULL)
		return false;
	tell_places(d, &found);
	if (found.n_well < found.n)
		return true;
	if (d->by_web)
		SAY(d, FINDING_OK, "programs_by_web", NULL,
			"No program has a socket in %s, and every program "
			"answers through the address: the web server starts "
			"them, as with mod_fcgid; or --sockets is to name "
			"another folder.",
			d->sockets);
	else if (d->said == 0)
		doctor_say(d, FINDING_OK, "routes",
			"Every program answers through the address.", NULL);
	return false;
}

/* ---- whether the site is reachable at all */

static const struct {
	const char *code, *remedy;
} unreached[] = {
	[PROBE_BAD_URL] = { "url", "Give the address as browsers see it." },
	[PROBE_NO_HOST] = { "web_name", "Correct the name or its DNS record." },
	[PROBE_NO_CONNECTION] = { "web_away",
		"Start the web server, and open its port in the firewall." },
	[PROBE_BAD_TLS] = { "web_tls",
		"Give the web server a certificate for this name, with its "
		"whole chain, and renew it in time; a site without TLS has "
		"an address with http://." },
	[PROBE_NO_ANSWER] = { "web_silent",
		"Check the web server's log and its proxy timeouts." },
};

static void
tell_unreached(struct doctor *d, const struct probe_answer *answer)
{
	SAY(d, FINDING_ERROR, unreached[answer->result].code,
		unreached[answer->result].remedy, "%s cannot be reached: %s.",
		d->url, answer->reason);
}

static void
tell_redirect(struct doctor *d, const struct probe_answer *answer)
{
	const char *to = probe_header(&d->arena, answer, "Location");

	SAY(d, FINDING_ERROR, "web_redirect",
		"Use that address, also in browsers; the API must not be "
		"redirected.",
		"%s sends requests of the API on to %.200s.", d->url,
		to != NULL ? to : "another address");
}

static bool
is_busy(const struct probe_answer *answer)
{
	return strstr(buf_str(&answer->body), "\"doctor_busy\"") != NULL;
}

static void
tell_unknown(struct doctor *d)
{
	if (!doctor_knows_path(d))
		SAY(d, FINDING_ERROR, "base_path",
			"Set http.base_path to the path of the site's address, "
			"then run lamplight reload.",
			"The programs that answer at %s have another "
			"http.base_path than its path.",
			d->url);
	else
		SAY(d, FINDING_ERROR, "web_other",
			"Restart the programs after an upgrade, and run this "
			"command with their configuration.",
			"The program that answers at %s has another secret "
			"file, belongs to an older release, or does not "
			"receive the header " DOCTOR_HEADER ".",
			d->url);
}

/* Reports it unless it was reported before, for the program or for single
 * addresses. */
static void
tell_way(struct doctor *d, const struct probe_answer *answer)
{
	if ((d->said & bit_of("chat")) != 0 || doctor_routes(d, false))
		return;
	if (answer->status / 100 == 5)
		SAY(d, FINDING_ERROR, "web_programs",
			d->by_web
				? BY_WEB_REMEDY
				: "Enter the sockets in its configuration, as "
				  "in " DOCTOR_FILES
				  ", and add its user to their group.",
			"The web server does not reach the chat program "
			"(%ld).",
			answer->status);
	else
		SAY(d, FINDING_ERROR, "web_route",
			d->by_web ? BY_WEB_REMEDY
				  : "Pass /api/ on to the programs, "
				    "as " DOCTOR_FILES " do.",
			"What answers at %s" DOCTOR_PATH
			" is not the chat program (%ld).",
			d->url, answer->status);
}

/* Reports any answer but our 200. */
static void
tell_status(struct doctor *d, const struct probe_answer *answer)
{
	if (answer->status / 100 == 3)
		tell_redirect(d, answer);
	else if (answer->status == 404 && is_ours(d, answer))
		tell_unknown(d);
	else if (answer->status == 503 && is_busy(answer))
		doctor_say(d, FINDING_WARNING, "web_busy",
			"The chat program is being examined by another doctor.",
			"Try again in a moment.");
	else
		tell_way(d, answer);
}

void
doctor_unreached(struct doctor *d, const struct probe_answer *answer)
{
	if (answer->result != PROBE_OK)
		tell_unreached(d, answer);
	else
		tell_status(d, answer);
}
