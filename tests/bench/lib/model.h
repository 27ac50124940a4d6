/*
 * model.h: the model of a measurement, an OpenAI-compatible server in a thread
 * of its own. Every token says when it was sent, "@<time> ", some eight
 * characters long; the last one says how many there were, "~<n> ", so that a
 * listener knows whether it has heard them all (listener.h).
 */

#ifndef BENCH_MODEL_H
#define BENCH_MODEL_H

#include <stdint.h>

struct model {
	int port;
	int64_t begin_us; /* what times count from, in MODEL_STEP_US */
	int rate; /* tokens a second, until end_ms (clock_mono_ms()) */
	int64_t end_ms;
	int tokens; /* or, with a rate of 0: so many, all at once */
};

#define MODEL_STEP_US 10

/* *model* must live as long as the process. */
void model_start(const struct model *model);

#endif
