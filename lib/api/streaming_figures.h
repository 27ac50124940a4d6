/* streaming_figures.h: what the hub counts, for /metrics (figures.h). */

#ifndef API_STREAMING_FIGURES_H
#define API_STREAMING_FIGURES_H

#include "base/buf.h"

struct hub;

void streaming_figures(const struct hub *hub, struct buf *out);

#endif
