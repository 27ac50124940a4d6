/*
 * doctor.h: `lamplight doctor [URL]`: examines everything on which an
 * installation depends, from the configuration to the public address, and
 * reports each problem with its remedy. It changes nothing.
 *
 * Exit status: 0 no problems, 1 a problem that keeps people from working or
 * endangers their chats, 3 only warnings, 2 unknown arguments.
 */

#ifndef LAMPLIGHT_DOCTOR_H
#define LAMPLIGHT_DOCTOR_H

#include "auth/secret.h"
#include "base/arena.h"
#include "base/buf.h"
#include "conf/conf.h"
#include "db/db.h"
#include "json/json.h"
#include "json/write.h"

#include <stdbool.h>

/* Each release includes them, in conf/ or share/lamplight/. */
#define DOCTOR_FILES \
	"the nginx/lamplight.conf and apache/lamplight.conf of this release"

enum severity { FINDING_OK, FINDING_WARNING, FINDING_ERROR, FINDING_N };

struct doctor {
	struct arena arena;
	struct conf conf;
	const char *url; /* without a final slash; NULL: not given */
	const char *sockets; /* the sockets' folder */
	const char *ca_file; /* authority of the site; NULL: the system's */
	struct secret_ring ring;
	/* See api/doctor.h; NULL: the secret is unreadable. */
	const char *token;
	bool by_web; /* the web server starts the programs: no sockets */
	bool no_database; /* it is unusable, which was reported */
	size_t n_models; /* in the database and offered to people */
	/* Bit i: the problem of gather_programs[i] has been reported. */
	unsigned said;
	bool json;
	struct buf out; /* the report as JSON */
	struct json_writer writer;
	unsigned n[FINDING_N];
};

/* *code*: a fixed word, for scripts and the handbook. *remedy*: what to do, as
 * a sentence; NULL with FINDING_OK, or if *finding* contains it. The caller may
 * free all texts afterwards. */
void doctor_say(struct doctor *d, enum severity severity, const char *code,
	const char *finding, const char *remedy);

/* doctor_here.c: files and limits of this machine */
void doctor_files(struct doctor *d);
/* doctor_programs.c: sockets, programs */
void doctor_programs(struct doctor *d);
/* Reports that these programs are waiting for the database. */
void doctor_waits(struct doctor *d, const char *names);
/* Whether the program that reported these facts has our settings, except for
 * the key *but*, which may be NULL. */
void
doctor_settings(struct doctor *d, const struct json *facts, const char *but);
/* doctor_db.c: whether our tables exist and can be read */
bool doctor_database(struct doctor *d);
/* doctor_model.c: the configured model */
void doctor_model(struct doctor *d);
/* doctor_providers.c: the providers in the database, and the number of their
 * models */
void doctor_providers(struct doctor *d);
/* doctor_path.c: whether the address has the configured base path; and whether
 * the programs have the address's path */
void doctor_path(struct doctor *d);
bool doctor_knows_path(struct doctor *d);
/* doctor_unreached(): why the address does not lead to the program chat. The
 * other function: whether it leads to every program; *reached*: it leads to
 * chat. Returns true if it has reported a problem. (doctor_reach.c) */
struct probe_answer;
void doctor_unreached(struct doctor *d, const struct probe_answer *answer);
bool doctor_routes(struct doctor *d, bool reached);
/* doctor_web.c: the way through the public address */
void doctor_web(struct doctor *d);

#endif
