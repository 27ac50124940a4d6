/* setup_ask.c: asks a person on a terminal. */

#include "lamplight/hidden.h"
#include "lamplight/setup.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_LEN 1024

const char *
ask_line(struct arena *arena, const char *prompt, bool hidden)
{
	bool is_hidden;
	char line[LINE_MAX_LEN + 2];
	size_t len = 0;

	if (isatty(STDIN_FILENO))
		fputs(prompt, stderr);
	is_hidden = hidden && hidden_begin();
	if (fgets(line, sizeof(line), stdin) != NULL)
		len = strcspn(line, "\r\n");
	if (is_hidden)
		hidden_end();
	return arena_str(arena, line, len <= LINE_MAX_LEN ? len : 0);
}

/* Whether the key, or the file of its secret, is set. */
static bool
is_given(struct setup *setup, const char *key)
{
	const char *file = arena_printf(&setup->arena, "%s_file", key);

	return setup_given(setup, key)[0] != '\0' ||
		setup_given(setup, file)[0] != '\0';
}

/* An empty answer leaves the default. */
static enum err
ask_for(struct setup *setup, const char *key, const char *prompt)
{
	const char *said;

	if (is_given(setup, key))
		return OK;
	said = ask_line(&setup->arena, prompt, setup_is_secret(setup, key));
	return said[0] != '\0' ? setup_put(setup, key, said) : OK;
}

static enum err
ask_model(struct setup *setup)
{
	const char *kind;

	TRY(ask_for(setup, "llm.kind",
		"Protocol of the model's API (openai: also everything "
		"compatible with it): " CONF_KINDS " [openai]: "));
	kind = setup_given(setup, "llm.kind");
	if (kind[0] == '\0' || strcmp(kind, "openai") == 0) {
		TRY(ask_for(setup, "llm.base_url",
			"Its address, including /v1 [none yet]: "));
		if (!is_given(setup, "llm.base_url"))
			return OK;
	}
	TRY(ask_for(setup, "llm.model", "Its name: "));
	return ask_for(setup, "llm.api_key", "Its key [none]: ");
}

enum err
ask_settings(struct setup *setup)
{
	TRY(ask_model(setup));
	TRY(ask_for(setup, "auth.register",
		"Who may sign up: off (nobody), invite, on (anybody) "
		"[off]: "));
	return setup_reload(setup);
}

enum err
ask_database(struct setup *setup)
{
	TRY(ask_for(setup, "db.host",
		"The database's host [this machine, by its socket]: "));
	TRY(ask_for(setup, "db.name", "The database's name [lamplight]: "));
	TRY(ask_for(setup, "db.user", "Its account [lamplight]: "));
	TRY(ask_for(setup, "db.password", "The account's password: "));
	return setup_reload(setup);
}
