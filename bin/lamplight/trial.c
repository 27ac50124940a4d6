/* trial.c: tests a model before people get it. */

#include "api/admin_call.h"
#include "lamplight/admin.h"

#include <stdio.h>
#include <string.h>

static void
print_json(const struct llm_trial *trial, const struct model_row *row)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);

	admin_call_put(&w, trial, row->takes, row->version);
	puts(buf_str(&text));
	buf_free(&text);
}

static void
print_table(const struct llm_trial *trial, const struct model_row *row)
{
	for (unsigned i = 0; i < LLM_CHECK_N; i++)
		printf("%-10s %-4s %s\n", trial->checks[i].name,
			trial->checks[i].ok ? "yes" : "no",
			trial->checks[i].detail);
	printf("takes      %.*s\n", (int)row->takes.len, row->takes.data);
}

static enum err
find_call(struct task *task, struct model_row *row, struct admin_call *out)
{
	struct provider_row provider;
	struct secret_ring ring;
	enum err err;

	TRY(admin_ring(task, &ring));
	TRY(admin_model(task, task->name, row));
	TRY(provider_find(task->db, &task->arena, row->provider_id, &provider));
	err = admin_call_of_model(
		&task->arena, &ring, &task->conf.llm, &provider, row, out);
	return admin_closed(task, &ring, err);
}

/* The exit status is 1 if the model does not answer, whatever else works. */
enum err
model_test(struct task *task)
{
	bool json =
		task->rest[0] != NULL && strcmp(task->rest[0], "--json") == 0;
	struct llm_trial trial;
	struct admin_call call;
	struct model_row row;
	enum refusal why;
	enum err err;

	if (task->rest[json ? 1 : 0] != NULL)
		return admin_refused(ERR_INVALID, NULL,
			"After the name, only --json is possible.");
	TRY(find_call(task, &row, &call));
	TRY(llm_trial(&task->arena, &call.conf, call.headers, &trial));
	err = admin_call_keep(
		task->db, &task->arena, &call, &trial, &row, &why);
	TRY(admin_refused(err, NULL,
		"Somebody else changed this model while it was being tried."));
	if (json)
		print_json(&trial, &row);
	else
		print_table(&trial, &row);
	return trial.checks[LLM_CHECK_ANSWER].ok ? OK : ERR_UPSTREAM;
}
