/*
 * fault_clock.h: a wall clock that a test build can set wrong. The file named
 * by LAMPLIGHT_FAULT_CLOCK holds the error in ms; without the file the clock is
 * right. Other builds (without -DFAULTS) contain none of it.
 */

#ifndef BASE_FAULT_CLOCK_H
#define BASE_FAULT_CLOCK_H

#include <stdint.h>

#ifdef FAULTS
int64_t fault_clock(int64_t wall_ms);
#else
#define fault_clock(wall_ms) (wall_ms)
#endif

#endif
