/* doctor.c: the order of the examination, and the report. */

#include "lamplight/doctor.h"

#include "base/log.h"
#include "lamplight/commands.h"
#include "lamplight/operate.h"
#include "lamplight/systemd.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const words[FINDING_N] = { "ok", "warning", "error" };

/* ---- the report */

static void
write_finding(struct json_writer *w, const char *severity, const char *code,
	const char *finding, const char *remedy)
{
	json_open(w, '{');
	json_member_str(w, "severity", severity);
	json_member_str(w, "code", code);
	json_member_str(w, "finding", finding);
	if (remedy != NULL)
		json_member_str(w, "remedy", remedy);
	json_close(w, '}');
}

/* A finding may quote what a server has sent. */
static const char *
plain(struct doctor *d, const char *text)
{
	size_t size = 4 * strlen(text) + 8;
	char *out = arena_alloc(&d->arena, size);

	log_escape(out, size, text, strlen(text));
	return out;
}

void
doctor_say(struct doctor *d, enum severity severity, const char *code,
	const char *finding, const char *remedy)
{
	d->n[severity]++;
	finding = plain(d, finding);
	if (d->json) {
		write_finding(
			&d->writer, words[severity], code, finding, remedy);
		return;
	}
	printf("%-8s %s%s%s\n", words[severity], finding,
		remedy != NULL ? " " : "", remedy != NULL ? remedy : "");
	fflush(stdout);
}

static enum severity
worst(const struct doctor *d)
{
	if (d->n[FINDING_ERROR] > 0)
		return FINDING_ERROR;
	return d->n[FINDING_WARNING] > 0 ? FINDING_WARNING : FINDING_OK;
}

static void
conclude(struct doctor *d)
{
	if (d->json) {
		json_close(&d->writer, ']');
		json_member_str(&d->writer, "status", words[worst(d)]);
		json_close(&d->writer, '}');
		puts(buf_str(&d->out));
		return;
	}
	printf("In order: %u. Warnings: %u. Errors: %u.\n", d->n[FINDING_OK],
		d->n[FINDING_WARNING], d->n[FINDING_ERROR]);
	if (d->url == NULL)
		puts("The way through the web server was not checked. To check "
		     "it, run lamplight doctor https://chat.example.org.");
}

/* ---- the examination */

static void
tell_mistake(struct doctor *d)
{
	doctor_say(d, FINDING_ERROR, "configuration",
		"The configuration cannot be used; a line on standard error "
		"says why.",
		"Correct that; lamplight.conf(5) explains every key.");
}

/* The argument is visible in the process list already; do not repeat it
 * elsewhere. */
static void
refuse_password(struct doctor *d)
{
	const char *host = d->url != NULL ? strstr(d->url, "://") + 3 : "";

	if (host[strcspn(host, "@/?#")] != '@')
		return;
	d->url = NULL;
	doctor_say(d, FINDING_ERROR, "url",
		"The address contains a user or a password, which everybody on "
		"this machine can see.",
		"Give the address without them. The doctor cannot check "
		"through a proxy that asks for a login.");
}

/* Settings with which the programs refuse to start. */
static bool
look_at_settings(struct doctor *d)
{
	struct task task = { .conf = d->conf };
	bool fit = check_programs(&task) == OK;
	const char *path = conf_path();

	arena_reset(&task.arena);
	if (!fit)
		tell_mistake(d);
	else if (access(path, F_OK) == 0)
		doctor_say(d, FINDING_OK, "configuration",
			arena_printf(&d->arena,
				"The configuration has no mistakes: %s.", path),
			NULL);
	else
		doctor_say(d, FINDING_OK, "configuration",
			arena_printf(&d->arena,
				"There is no %s: all settings are defaults, or "
				"variables of the environment.",
				path),
			NULL);
	return fit;
}

static void
examine(struct doctor *d)
{
	bool fit;

	if (conf_load(&d->arena, &d->conf) != OK) {
		tell_mistake(d);
		return;
	}
	fit = look_at_settings(d);
	doctor_files(d);
	if (doctor_database(d))
		doctor_providers(d);
	doctor_programs(d);
	if (fit)
		doctor_model(d);
	refuse_password(d);
	if (d->url != NULL)
		doctor_web(d);
}

static bool
take_arguments(struct doctor *d, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			d->json = true;
		else if (strcmp(argv[i], "--sockets") == 0 && i + 1 < argc)
			d->sockets = argv[++i];
		else if (strcmp(argv[i], "--ca-file") == 0 && i + 1 < argc)
			d->ca_file = argv[++i];
		else if (argv[i][0] != '-' && argv[i][0] != '\0' &&
			d->url == NULL)
			d->url = argv[i];
		else
			return false;
	}
	return true;
}

/* "chat.example.org/?assistant=1#account" -> "https://chat.example.org";
 * returns false if it contains no host. */
static bool
complete_url(struct doctor *d)
{
	const char *host;
	size_t len;

	if (d->url == NULL)
		return true;
	if (strstr(d->url, "://") == NULL)
		d->url = arena_printf(&d->arena, "https://%s", d->url);
	host = strstr(d->url, "://") + 3;
	len = strcspn(host, "?#");
	while (len > 0 && host[len - 1] == '/')
		len--;
	d->url = arena_str(&d->arena, d->url, (size_t)(host - d->url) + len);
	return len > 0;
}

static int
status_of(const struct doctor *d)
{
	static const int statuses[FINDING_N] = { 0, 3, 1 };

	return statuses[worst(d)];
}

int
doctor_main(int argc, char **argv)
{
	struct doctor d = { .sockets = SYSTEMD_SOCKETS };
	int status = 2;

	d.writer = json_writer(&d.out);
	if (take_arguments(&d, argc, argv) && complete_url(&d)) {
		json_open(&d.writer, '{');
		json_key(&d.writer, "findings");
		json_open(&d.writer, '[');
		db_library_open();
		examine(&d);
		db_library_close();
		conclude(&d);
		status = status_of(&d);
	}
	buf_free(&d.out);
	arena_reset(&d.arena);
	return status;
}
