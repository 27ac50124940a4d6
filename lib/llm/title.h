/*
 * title.h: a title for a conversation, asked of the model in a small request
 * of its own, and what becomes of whatever it answers.
 */

#ifndef LLM_TITLE_H
#define LLM_TITLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "llm/ask.h"

/* Grapheme clusters: of what the model is told of the question and the reply,
 * and of the title. */
#define LLM_TITLE_TOLD 600
#define LLM_TITLE_MAX 60

/* The request's prompt; its user's message is LLM_TITLE_QUESTION, the question
 * on one line, and the reply. */
#define LLM_TITLE_PROMPT                                                     \
	"Write a title for the conversation that you are given: two to six " \
	"words that say what it is about, in the language of the question. " \
	"Do not answer the question. Reply with the title alone, in plain "  \
	"text, without quotation marks and without a full stop."
#define LLM_TITLE_QUESTION "Question: "

/*
 * *settings* as a title is asked with: this prompt, no tools, few tokens for
 * the answer and low effort, whatever llm.options says of these. In *arena*, which must
 * outlive it, as must *settings*. ERR_INTERNAL.
 */
MUST_USE enum err llm_title_settings(struct arena *arena,
	const struct llm_settings *settings, struct llm_settings *out);

/* What is asked about: valid UTF-8, each one line; cut here. */
struct llm_title_about {
	struct span question, reply;
};

/* Appends the request to *body*, for a model that takes *takes*; *settings*
 * are llm_title_settings()'s. ERR_INTERNAL. */
MUST_USE enum err
llm_title_request(struct arena *arena, const struct llm_settings *settings,
	const struct llm_takes *takes, const struct llm_title_about *about,
	struct buf *body, struct llm_asked *asked);

/*
 * The title in an answer, which may be anything: its first line of words
 * without labels ("Title:"), quotation marks, Markdown and what cannot be
 * seen, at most LLM_TITLE_MAX clusters and 255 characters. Valid UTF-8 in
 * *arena*; absent when there is none in it, as in a long sentence.
 */
struct span llm_title_clean(struct arena *arena, struct span answer);

#endif
