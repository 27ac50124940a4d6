#include "api/admin_ask.h"

#include "api/app.h"
#include "api/later.h"
#include "base/attr.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct running {
	char request[REQUEST_ID_LEN]; /* "": a free place */
	enum admin_question question;
	uint64_t provider_id;
};

struct admin_asks {
	struct later *later;
	pthread_mutex_t mutex;
	struct running list[ADMIN_ASKS_MAX];
};

#define MANY \
	"Too many providers are being asked at once. Try again in a minute."

struct admin_asks *
admin_asks_open(struct app *app)
{
	struct admin_asks *asks = mem_zalloc(sizeof(*asks));

	pthread_mutex_init(&asks->mutex, NULL);
	asks->later = later_open_waiting(app, ADMIN_ASKS_MAX);
	return asks;
}

void
admin_asks_close(struct admin_asks *asks)
{
	later_close(asks->later);
	pthread_mutex_destroy(&asks->mutex);
	free(asks);
}

/* A free place; NULL if the same question is running (*same*) or no place is
 * free. The caller holds the mutex. */
static struct running *
place_for(struct admin_asks *asks, enum admin_question question,
	uint64_t provider_id, bool *same)
{
	struct running *place = NULL;

	*same = false;
	for (size_t i = 0; i < LENGTH(asks->list); i++) {
		struct running *at = &asks->list[i];

		if (*at->request == '\0') {
			place = at;
		} else if (at->question == question &&
			at->provider_id == provider_id) {
			*same = true;
			return NULL;
		}
	}
	return place;
}

static enum err
refuse(struct request *rq, enum admin_question question, bool same)
{
	if (question == ADMIN_OFFERS)
		return request_fail(rq, ERR_BUSY, "offers_running",
			same ? "This provider is already being asked for its "
			       "models. Try again in a minute."
			     : MANY);
	return request_fail(rq, ERR_BUSY, "trial_running",
		same ? "Another model of this provider is being tried out. Try "
		       "this one again in a minute."
		     : MANY);
}

static enum err
begin(struct request *rq, enum admin_question question, uint64_t provider_id)
{
	struct admin_asks *asks = rq->app->asks;
	struct running *place;
	bool same;

	pthread_mutex_lock(&asks->mutex);
	place = place_for(asks, question, provider_id, &same);
	if (place != NULL) {
		memcpy(place->request, rq->id, sizeof(place->request));
		place->question = question;
		place->provider_id = provider_id;
	}
	pthread_mutex_unlock(&asks->mutex);
	if (place != NULL)
		return OK;
	return refuse(rq, question, same);
}

void
admin_ask_end(const struct request *rq)
{
	struct admin_asks *asks = rq->app->asks;

	pthread_mutex_lock(&asks->mutex);
	for (size_t i = 0; i < LENGTH(asks->list); i++)
		if (strcmp(asks->list[i].request, rq->id) == 0) {
			*asks->list[i].request = '\0';
			break;
		}
	pthread_mutex_unlock(&asks->mutex);
}

enum err
admin_ask(struct request *rq, struct response *rs, enum admin_question question,
	uint64_t provider_id,
	enum err (*work)(struct request *rq, struct response *rs))
{
	enum err err;

	TRY(begin(rq, question, provider_id));
	err = later_run_on(rq->app->asks->later, rq, rs, work);
	if (err != OK)
		admin_ask_end(rq);
	return err;
}
