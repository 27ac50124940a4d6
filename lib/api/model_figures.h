/* model_figures.h: how each model performs in this process, for /metrics
 * (figures.h). */

#ifndef API_MODEL_FIGURES_H
#define API_MODEL_FIGURES_H

#include "base/buf.h"
#include "chat/models.h"

/* The most models reported, of those that have been asked or are failing; the
 * limit keeps a program's figures small. */
#define MODEL_FIGURES_MAX 100

#define MODEL_FAILING "lamplight_model_failing"

void model_figures(struct models *models, struct buf *out);

#endif
