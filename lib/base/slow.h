/*
 * slow.h: a watchdog of event loops in test builds (-DFAULTS): a slow call from
 * the loop delays all streams. It measures the thread's processor time, because
 * a busy machine makes every call long. A call that takes more than SLOW_US is
 * logged as `loop_slow` with the function's place in the program (addr2line -fe
 * build/fault/cgi-bin/chat.fcgi <place>). Other builds do nothing.
 *
 * Where the kernel is slow to provide memory, so is every copy of a long reply:
 * on a virtual machine whose host was short of memory, one page took 17 us. A
 * call may therefore take longer by the extra time that SLOW_PAGES pages need
 * there.
 */

#ifndef BASE_SLOW_H
#define BASE_SLOW_H

#include <stdint.h>

#define SLOW_US 5000
#define SLOW_PAGES 1024 /* pages of two replies of 2 MB */
#define SLOW_PAGE_US 0.7 /* usual time per page */

#ifdef FAULTS
/* Begins a measurement: a moment of this thread's processor time, in us. */
int64_t slow_begin(void);
/* Ends the measurement of *fn*, which was called at *begin*. Measurements made
 * in between are not part of it. */
void slow_end(int64_t begin, const void *fn);
#else
#define slow_begin() (0)
#define slow_end(begin, fn) ((void)(begin), (void)(fn))
#endif

#endif
