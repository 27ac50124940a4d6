#include "llm/share.h"

#include "base/attr.h"
#include "llm/headers.h"

#include <string.h>

/* The timer fires in the next millisecond at the earliest, so never in this
 * iteration of the loop. */
static void
set_timer(struct shares *shares)
{
	if (shares->timer.slot == 0)
		loop_timer_set(shares->loop, &shares->timer,
			loop_now_ms(shares->loop) + 1);
}

/* curl_easy_pause() passes on what libcurl holds: the call may end inside it,
 * and others may begin to wait. */
static void
on_timer(void *arg)
{
	struct shares *shares = arg;

	for (unsigned n = 0; n < SHARES_AT_ONCE; n++) {
		struct share *share =
			LIST_FIRST(&shares->waiting, struct share, place);
		CURL *easy;
		CURLcode code;

		if (share == NULL)
			return;
		easy = share->easy;
		list_remove(&share->place);
		code = curl_easy_pause(easy, CURLPAUSE_CONT);
		if (code != CURLE_OK)
			shares->on_done(easy, code);
	}
	if (!list_empty(&shares->waiting))
		set_timer(shares);
}

void
shares_open(struct shares *shares, struct loop *loop,
	void (*on_done)(CURL *easy, CURLcode code))
{
	*shares = (struct shares){ .loop = loop, .on_done = on_done };
	list_open(&shares->waiting);
	shares->timer = (struct timer){ .fn = on_timer, .arg = shares };
}

void
shares_close(struct shares *shares)
{
	loop_timer_clear(shares->loop, &shares->timer);
}

bool
share_take(struct shares *shares, struct share *share, CURL *easy, size_t len)
{
	int64_t now_ms = loop_now_ms(shares->loop);

	if (share->moment_ms != now_ms) {
		share->moment_ms = now_ms;
		share->used = 0;
	}
	if (share->used < SHARE_BYTES || share->unlimited) {
		share->used += len;
		return true;
	}
	share->easy = easy;
	list_add(&shares->waiting, &share->place);
	set_timer(shares);
	return false;
}

void
share_reset(struct share *share)
{
	list_remove(&share->place);
	*share = (struct share){ 0 };
}

static bool
is_word(struct span text, const char *word)
{
	return text.len == strlen(word) && span_begins_as(text, word);
}

void
share_header(struct share *share, struct span line)
{
	struct span content = headers_value(line, "content-encoding");
	struct span transfer = headers_value(line, "transfer-encoding");

	if ((content.data != NULL && !is_word(content, "identity")) ||
		(transfer.data != NULL && !is_word(transfer, "chunked")))
		share->unlimited = true;
}
