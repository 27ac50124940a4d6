/*
 * doctor.h: `lamplight doctor [URL]`: looks at everything an installation
 * stands on, from the configuration to the public address, and says what is
 * wrong and what to do about it. Changes nothing.
 *
 * Exit status: 0 nothing is wrong, 1 something is that keeps people from
 * working or their chats from being safe, 3 warnings alone; 2 it was called in
 * a way that it does not know.
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

/* They come with each release, in conf/ or share/lamplight/. */
#define DOCTOR_FILES \
	"the nginx/lamplight.conf and apache/lamplight.conf of this release"

enum severity { FINDING_OK, FINDING_WARNING, FINDING_ERROR, FINDING_N };

struct doctor {
	struct arena arena;
	struct conf conf;
	const char *url; /* without a slash at its end; NULL: not asked */
	const char *sockets; /* the folder */
	const char
		*ca_file; /* that has signed the site's; NULL: the system's */
	struct secret_ring ring;
	const char *token; /* api/doctor.h; NULL: no secret can be read */
	bool by_web; /* the web server starts the programs: no sockets */
	bool no_database; /* it cannot be used, and that was said */
	size_t n_models; /* of the database, that people may pick */
	/* Bit i: what is wrong with gather_programs[i] was said. */
	unsigned said;
	bool json;
	struct buf out; /* of JSON */
	struct json_writer writer;
	unsigned n[FINDING_N];
};

/* *code*: a word that does not change, for scripts and the handbook.
 * *remedy*: what to do, a sentence; NULL with FINDING_OK, or where *finding*
 * says it. All may be freed afterwards. */
void doctor_say(struct doctor *d, enum severity severity, const char *code,
	const char *finding, const char *remedy);

/* doctor_here.c: files and limits of this machine */
void doctor_files(struct doctor *d);
/* doctor_programs.c: sockets, programs */
void doctor_programs(struct doctor *d);
/* Says that these programs wait for the database. */
void doctor_waits(struct doctor *d, const char *names);
/* Whether the settings of a program that has said these facts are ours; *but*
 * one key, or NULL. */
void
doctor_settings(struct doctor *d, const struct json *facts, const char *but);
/* doctor_db.c: whether our tables are there and can be read */
bool doctor_database(struct doctor *d);
/* doctor_model.c: the model of the settings */
void doctor_model(struct doctor *d);
/* doctor_providers.c: those of the database, and how many models they have */
void doctor_providers(struct doctor *d);
/* doctor_path.c: whether the address has the path of the settings; and whether
 * that of the programs */
void doctor_path(struct doctor *d);
bool doctor_knows_path(struct doctor *d);
/* doctor_reach.c: why the address has not led to the program chat; and whether it
 * leads to every program, *reached*: to chat. True: something is wrong, and was
 * said. */
struct probe_answer;
void doctor_unreached(struct doctor *d, const struct probe_answer *answer);
bool doctor_routes(struct doctor *d, bool reached);
/* doctor_web.c: the way through the public address */
void doctor_web(struct doctor *d);

#endif
