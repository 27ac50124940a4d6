#include "lamplight/command.h"

#include "lamplight/help.h"
#include "lamplight/operate.h"
#include "lamplight/setup.h"

#include <string.h>

#define PROVIDER_OPTIONS "[--kind KIND ...]"
#define MODEL_OPTIONS "[--label LABEL ...]"

static const struct command commands[] = {
	{ { "migrate", NULL }, NULL, NULL, migrate,
		"update the tables to the schema of this release" },
	{ { "check", "settings" }, NULL, NULL, check_settings,
		"look for mistakes in the settings, and nowhere else" },
	{ { "conf", NULL }, "KEY", NULL, print_given,
		"print the value of a key (llm.model), or nothing for its "
		"default" },
	{ { "check", NULL }, NULL, NULL, check,
		"look at configuration, database and schema" },
	{ { "reload", NULL }, NULL, NULL, reload,
		"switch to a new release or changed settings without "
		"interrupting replies" },
	{ { "user", "list" }, NULL, NULL, user_list_all,
		"every account: id, since when, state, second factor, name" },
	{ { "user", "invite" }, NULL, NULL, user_invite,
		"an invitation that opens one account within a week" },
	{ { "user", "add" }, "NAME", "[--admin]", user_add,
		"create an account; the password is asked for, or read from "
		"standard input" },
	{ { "user", "role" }, "NAME", "admin|user", user_role,
		"make a user an administrator of the site, or an ordinary "
		"user" },
	{ { "user", "password" }, "NAME", NULL, user_password,
		"set an account's password in the same way" },
	{ { "user", "passwd" }, "NAME", NULL, user_password, "the same" },
	{ { "user", "logout" }, "NAME", NULL, user_log_out,
		"end all logins of a user, and a site's tokens so far" },
	{ { "user", "disable" }, "NAME", NULL, user_disable,
		"do the same, and let the user log in no more" },
	{ { "user", "enable" }, "NAME", NULL, user_enable,
		"let the user log in again" },
	{ { "user", "no-factor" }, "NAME", NULL, user_no_factor,
		"remove the second factor of a user who has lost it" },
	{ { "user", "delete" }, "NAME", NULL, user_delete_all,
		"delete a user with all their data, without confirmation" },
	{ { "user", "allow" }, "NAME", NULL, user_allow,
		"let a deleted user of the site's come back, with nothing" },
	{ { "limit", "set" }, "USER", "KEY VALUE", limit_set,
		"give a user other limits than those of [limits]" },
	{ { "limit", "list" }, NULL, "[USER] [--json]", limit_list,
		"who has limits of their own, and which" },
	{ { "limit", "remove" }, "USER", "[KEY]", limit_remove,
		"remove one limit of a user, or all of them" },
	{ { "export", NULL }, "USER", "[--out FILE]", export_user,
		"write all data of a user as JSON Lines; --all: of everybody" },
	{ { "import", NULL }, "USER", "FILE ... [--json]", import_files,
		"chats from exports of ChatGPT, Claude, Open WebUI, LibreChat, "
		"the AI SDK, or ours" },
	{ { "provider", "list" }, NULL, "[--json]", provider_list_all,
		"list providers: id, kind, state, end of the key, name" },
	{ { "provider", "add" }, "NAME", PROVIDER_OPTIONS, provider_add_one,
		"add one; its key is asked for, or read from standard input" },
	{ { "provider", "set" }, "NAME", PROVIDER_OPTIONS, provider_set,
		"change a provider" },
	{ { "provider", "test" }, "NAME", "[--json]", provider_test,
		"ask it for its list of models" },
	{ { "provider", "remove" }, "NAME", NULL, provider_remove_one,
		"remove one that has no models" },
	{ { "model", "list" }, NULL, "[--json]", model_list_all,
		"what people may pick: id, state, default, label, provider" },
	{ { "model", "add" }, "NAME", "--provider NAME " MODEL_OPTIONS,
		model_add_one, "add one by the provider's name for it" },
	{ { "model", "set" }, "NAME", MODEL_OPTIONS, model_set,
		"change a model" },
	{ { "model", "test" }, "NAME", "[--json]", model_test,
		"try it: list, answer, tools, images, reasoning; fills "
		"--takes in" },
	{ { "model", "remove" }, "NAME", NULL, model_remove_one,
		"remove one; chats with it offer another" },
	{ { "secret", "rotate" }, NULL, NULL, rotate_secret,
		"start to use a new key; the old one checks what it has "
		"signed" },
	{ { "secret", "accept" }, NULL, NULL, accept_secret,
		"accept this secret file after the old one was lost" },
};

/* ---- finding a command */

/* Whether the arguments call this command. */
static bool
fits(const struct command *command, int argc, char **argv)
{
	int words = command->words[1] != NULL ? 2 : 1;

	/* The name was forgotten before an option. */
	if (command->argument != NULL && argc > words &&
		strncmp(argv[words], "--", 2) == 0 &&
		strcmp(argv[words], "--all") != 0)
		return false;
	words += command->argument != NULL;
	if (argc < words || (argc > words && command->rest == NULL))
		return false;
	words -= command->argument != NULL;
	for (int i = 0; i < words; i++)
		if (strcmp(argv[i], command->words[i]) != 0)
			return false;
	return true;
}

const struct command *
command_find(int argc, char **argv, char ***behind)
{
	for (size_t i = 0; i < LENGTH(commands); i++)
		if (fits(&commands[i], argc, argv)) {
			*behind = argv + (commands[i].words[1] != NULL ? 2 : 1);
			return &commands[i];
		}
	return NULL;
}

/* ---- help */

static void
print_command(FILE *to, const struct command *c)
{
	char form[96];

	snprintf(form, sizeof(form), "%s%s%s%s%s%s%s", c->words[0],
		c->words[1] != NULL ? " " : "",
		c->words[1] != NULL ? c->words[1] : "",
		c->argument != NULL ? " " : "",
		c->argument != NULL ? c->argument : "",
		c->rest != NULL ? " " : "", c->rest != NULL ? c->rest : "");
	help_print(to, form, c->help);
}

#define PROVIDER_HELP                                                     \
	"Of a provider: --kind " CONF_KINDS " --base-url "                \
	"URL --key --key-file FILE\n--no-key --headers-file FILE (JSON) " \
	"--proxy URL --enabled on|off --name NAME --json\n"
#define MODEL_HELP                                                             \
	"Of a model: --provider NAME --upstream-name NAME --label LABEL "      \
	"--context-tokens N --max-tokens N\n--temperature N --effort "         \
	"none|minimal|low|medium|high --options JSON --takes WORDS\n"          \
	"--price-input 2.50 --price-cached 0.25 --price-output 10 --fallback " \
	"NAME --position N\n--enabled on|off --default on|off --json. "        \
	"An empty value removes the setting.\n"

void
command_help(FILE *to)
{
	fputs("Usage: lamplight COMMAND\n\n", to);
	help_print(to, SETUP_FORM, SETUP_HELP);
	for (size_t i = 0; i < LENGTH(commands); i++)
		print_command(to, &commands[i]);
	operate_help(to, NULL);
	help_print(to, "--version", "which release this is");
	fputs("\n" PROVIDER_HELP MODEL_HELP, to);
	fputs("\nSettings come from the file that LAMPLIGHT_CONF names "
	      "(/etc/lamplight/lamplight.conf)\nand from LAMPLIGHT_<SECTION>_"
	      "<KEY>. The schema comes from LAMPLIGHT_SQL_DIR, else from\n"
	      "where this program was built or installed.\n"
	      "Exit status: 0 done, 1 not done, 2 unknown command; doctor: 1 "
	      "errors, 3 only warnings.\n",
		to);
}

/* How many of the command's words match the arguments: 0, 1 or 2. */
static int
words_alike(const struct command *c, int argc, char **argv)
{
	if (argc < 1 || strcmp(argv[0], c->words[0]) != 0)
		return 0;
	if (c->words[1] != NULL && argc > 1 &&
		strcmp(argv[1], c->words[1]) == 0)
		return 2;
	return 1;
}

static int
most_alike(int argc, char **argv)
{
	int most = 0;

	for (size_t i = 0; i < LENGTH(commands); i++) {
		int alike = words_alike(&commands[i], argc, argv);

		most = alike > most ? alike : most;
	}
	return most;
}

bool
command_help_of(FILE *to, int argc, char **argv)
{
	int most = most_alike(argc, argv);
	const char *more = "";
	bool sets_up = argc > 0 && strcmp(argv[0], "setup") == 0;

	if (argc < 1 || (most == 0 && !sets_up && !operate_help(NULL, argv[0])))
		return false;
	fputs("Usage: lamplight ...\n", to);
	if (sets_up)
		help_print(to, SETUP_FORM, SETUP_HELP);
	operate_help(to, argv[0]);
	for (size_t i = 0; most > 0 && i < LENGTH(commands); i++) {
		const char *rest = commands[i].rest;

		if (words_alike(&commands[i], argc, argv) != most)
			continue;
		print_command(to, &commands[i]);
		if (rest != NULL && strstr(rest, PROVIDER_OPTIONS) != NULL)
			more = "\n" PROVIDER_HELP;
		if (rest != NULL && strstr(rest, MODEL_OPTIONS) != NULL)
			more = "\n" MODEL_HELP;
	}
	fputs(more, to);
	return true;
}
