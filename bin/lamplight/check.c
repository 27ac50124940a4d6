/* check.c: `lamplight check`: checks configuration, database and schema. */

#include "api/privacy.h"
#include "api/suggestions.h"
#include "lamplight/commands.h"
#include "llm/model.h"
#include "llm/settings_load.h"
#include "llm/wires.h"
#include "repo/model.h"
#include "repo/schema.h"
#include "repo/server.h"
#include "repo/worker.h"
#include "tool/set.h"

#include <stdio.h>

/* The conditions that the programs themselves check when they start. */
enum err
check_programs(struct task *task)
{
	struct llm_settings settings;
	struct llm_model *model;
	struct tool_set tools;
	struct span privacy;

	TRY(privacy_load(&task->arena, &task->conf.http, &privacy));
	TRY(suggestions_check(task->conf.http.suggestions));
	TRY(llm_settings_load(&task->arena, &task->conf.llm, &settings));
	TRY(tool_set_load(&task->arena, &task->conf, &settings, &tools));
	TRY(llm_model_open(&task->conf.llm, &settings, &model));
	llm_model_release(model);
	return OK;
}

enum err
check_settings(struct task *task)
{
	enum err err = check_programs(task);

	if (err != OK)
		fputs(TASK_MISTAKE, stderr);
	else
		puts("Configuration: no mistakes found.");
	return err;
}

static enum err
check_models(struct task *task)
{
	struct model_list all;

	TRY(model_list(task->db, &task->arena, &all));
	printf("Models that administrators have added: %zu.\n", all.n);
	return OK;
}

enum err
check(struct task *task)
{
	int64_t now_ms;
	enum err err;

	TRY(check_settings(task));
	err = worker_clock(task->db, &now_ms);
	if (err != OK) {
		puts("Database: not usable.");
		return err;
	}
	puts("Database: answers.");
	err = schema_check(task->db, "lamplight");
	if (err == ERR_CONFLICT)
		puts("Schema: not the one of this release. Run: lamplight "
		     "migrate");
	TRY(err);
	printf("Schema: version %d, as this release needs it.\n",
		SCHEMA_VERSION);
	TRY(server_check(task->db, &task->arena, SERVER_FOR_ALL,
		task_say_finding, NULL));
	TRY(check_keys(task));
	if (task->conf.llm.base_url[0] != '\0')
		puts("Model: llm.base_url is set.");
	else if (task->conf.llm.kind != CONF_OPENAI)
		printf("Model: at its provider's address, by llm.kind = %s.\n",
			wire_of(task->conf.llm.kind)->word);
	else
		puts("Model: none in the settings (llm.base_url, llm.model).");
	return check_models(task);
}
