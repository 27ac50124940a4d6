/* operate.c: the table of commands with options. */

#include "lamplight/operate.h"

#include "base/attr.h"
#include "lamplight/help.h"

#include <string.h>

static const struct operation {
	const char *word, *form;
	int (*run)(int argc, char **argv);
	const char *help;
} operations[] = {
	{ "doctor", "doctor [URL]", doctor_main,
		"look for what is wrong, also on the way through the site's "
		"address, and say what to do (--json, --sockets FOLDER, --ca-file FILE)" },
	{ "stats", "stats", stats_main,
		"how much is stored and how much is used (--json)" },
	{ "usage", "usage", usage_main,
		"who used how much, and what it cost (--by user|model|day, "
		"--from DAY, --to DAY, --json)" },
	{ "top", "top", top_main,
		"what the programs do now, again and again (--once, --json, "
		"--interval SECONDS, --sockets FOLDER)" },
};

bool
operate_run(int argc, char **argv, int *status)
{
	for (size_t i = 0; i < LENGTH(operations); i++) {
		if (argc < 1 || strcmp(argv[0], operations[i].word) != 0)
			continue;
		*status = operations[i].run(argc - 1, argv + 1);
		return true;
	}
	return false;
}

bool
operate_help(FILE *to, const char *word)
{
	bool any = false;

	for (size_t i = 0; i < LENGTH(operations); i++) {
		if (word != NULL && strcmp(word, operations[i].word) != 0)
			continue;
		any = true;
		if (to != NULL)
			help_print(to, operations[i].form, operations[i].help);
	}
	return any;
}
