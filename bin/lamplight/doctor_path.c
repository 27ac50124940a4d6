/* doctor_path.c: whether the site's address matches http.base_path. */

#include "lamplight/doctor.h"

#include "llm/probe.h"

#include <string.h>

#define WAIT_MS 10000

/* Every program answers this request, for anybody, at the address with its
 * path. */
bool
doctor_knows_path(struct doctor *d)
{
	const struct probe_ask ask = { .url = arena_printf(&d->arena,
					       "%s/api/health/live", d->url),
		.ca_file = d->ca_file,
		.wait_ms = WAIT_MS };
	struct probe_answer answer;
	bool knows;

	probe(&d->arena, &ask, &answer);
	knows = answer.result != PROBE_OK || answer.status != 404;
	probe_free(&answer);
	return knows;
}

/* Cookies and addresses use the configured path. */
void
doctor_path(struct doctor *d)
{
	const char *host = strstr(d->url, "://") + 3;
	const char *path = host + strcspn(host, "/");

	if (strcmp(path, d->conf.http.base_path) != 0)
		doctor_say(d, FINDING_ERROR, "base_path",
			arena_printf(&d->arena,
				"The address has the path %s/, and "
				"http.base_path is %s/.",
				path, d->conf.http.base_path),
			"Give the address as browsers see it. If it is already "
			"that, set http.base_path to its path, then run "
			"lamplight reload.");
}
