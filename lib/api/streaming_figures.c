#include "api/streaming_figures.h"

#include "api/figures.h"
#include "chat/hub.h"

#include <stdio.h>

static void
put_streams(const struct hub_counts *counts, struct buf *out)
{
	figures_put(out, FIGURE_GAUGE, "lamplight_streams",
		"Replies that this worker is streaming.", counts->streams);
	figures_put(out, FIGURE_COUNTER, "lamplight_streams_total",
		"Replies that this worker has started.", counts->streams_total);
}

static void
put_journal(const struct hub_counts *counts, struct buf *out)
{
	figures_put(out, FIGURE_COUNTER, "lamplight_batches_total",
		"Commits of the journal.", counts->batches_total);
	figures_put(out, FIGURE_COUNTER, "lamplight_journal_late_total",
		"How often text was shown before its commit, because the "
		"database was away.",
		counts->ahead_total);
	figures_put(out, FIGURE_GAUGE, "lamplight_journal_late",
		"1 while replies are shown before their commit.",
		counts->ahead);
	figures_put(out, FIGURE_GAUGE, "lamplight_journal_waiting_bytes",
		"Text that the database has not taken yet.", counts->waiting);
	figures_head(out, FIGURE_HISTOGRAM, "lamplight_journal_seconds",
		"Commit time of a journal batch. Displayed text is delayed by "
		"this time.");
	figures_histogram(
		out, "lamplight_journal_seconds", "", counts->batch_times);
}

static void
put_calls(const struct steps_meter *calls, struct buf *out)
{
	char labels[64];

	figures_head(out, FIGURE_COUNTER, "lamplight_model_calls_total",
		"Requests to the model, by outcome.");
	for (unsigned i = 0; i < LLM_FAULT_N; i++) {
		if (calls->ended[i] == 0)
			continue;
		snprintf(labels, sizeof(labels), "outcome=\"%s\"",
			llm_fault_word((enum llm_fault)i));
		figures_line(out, "lamplight_model_calls_total", labels,
			calls->ended[i]);
	}
	figures_head(out, FIGURE_HISTOGRAM, "lamplight_first_token_seconds",
		"Time from a request to the model to its first words.");
	figures_histogram(
		out, "lamplight_first_token_seconds", "", &calls->first);
	figures_head(out, FIGURE_COUNTER, "lamplight_tokens_total",
		"Tokens, as far as the model has counted them.");
	figures_line(out, "lamplight_tokens_total", "kind=\"input\"",
		calls->input_tokens);
	figures_line(out, "lamplight_tokens_total", "kind=\"output\"",
		calls->output_tokens);
}

void
streaming_figures(const struct hub *hub, struct buf *out)
{
	struct hub_counts counts = hub_counts(hub);

	put_streams(&counts, out);
	put_journal(&counts, out);
	put_calls(counts.calls, out);
}
