/* model_figures.h: how each model does in this process, for /metrics
 * (figures.h). */

#ifndef API_MODEL_FIGURES_H
#define API_MODEL_FIGURES_H

#include "base/buf.h"
#include "chat/models.h"

/* So many models, those that have been asked or are failing; the rest is left
 * out, so that the figures of a program stay small. */
#define MODEL_FIGURES_MAX 100

#define MODEL_FAILING "lamplight_model_failing"

void model_figures(struct models *models, struct buf *out);

#endif
