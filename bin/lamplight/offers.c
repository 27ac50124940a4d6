/* offers.c: lists the models that a provider offers. */

#include "llm/offers.h"
#include "api/admin_call.h"
#include "lamplight/admin.h"
#include "json/write.h"

#include <stdio.h>
#include <string.h>

static void
print_json(const struct llm_offers *offers)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);

	json_open(&w, '{');
	json_key(&w, "models");
	json_open(&w, '[');
	for (size_t i = 0; i < offers->n; i++)
		json_put_text(&w, offers->names[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	puts(buf_str(&text));
	buf_free(&text);
}

static void
print_names(const char *name, const struct llm_offers *offers)
{
	printf("%s answers, and lists %zu models:\n", name, offers->n);
	for (size_t i = 0; i < offers->n; i++)
		printf("  %.*s\n", (int)offers->names[i].len,
			offers->names[i].data);
}

enum err
provider_test(struct task *task)
{
	bool json =
		task->rest[0] != NULL && strcmp(task->rest[0], "--json") == 0;
	struct provider_row row;
	struct secret_ring ring;
	struct llm_offers offers;
	struct admin_call call;
	enum err err;

	if (task->rest[json ? 1 : 0] != NULL)
		return admin_refused(ERR_INVALID, NULL,
			"After the name, only --json is possible.");
	TRY(admin_ring(task, &ring));
	TRY(admin_provider(task, task->name, &row));
	err = admin_call_of(&task->arena, &ring, &task->conf.llm, &row, &call);
	TRY(admin_closed(task, &ring, err));
	err = llm_offers(&task->arena, &call.conf, call.headers, &offers);
	if (err == ERR_UPSTREAM)
		fprintf(stderr, "%s\n", offers.trouble);
	TRY(err);
	if (json)
		print_json(&offers);
	else
		print_names(row.name, &offers);
	return OK;
}
