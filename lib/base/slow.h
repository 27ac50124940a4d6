/*
 * slow.h: a watchdog of event loops in test builds (-DFAULTS): a call from the
 * loop that takes long keeps all streams waiting. It counts processor time of
 * the thread, because a busy machine makes every call long; what takes more
 * than SLOW_US is logged as `loop_slow` with the function's place in the
 * program (addr2line -fe build/fault/cgi-bin/chat.fcgi <place>). Other builds
 * do nothing.
 *
 * Where the kernel takes long for memory, every copy of a long reply does: on a
 * virtual machine whose host is short of it a page was seen to take 17 us. So a
 * call may take longer by what SLOW_PAGES take longer there than usual.
 */

#ifndef BASE_SLOW_H
#define BASE_SLOW_H

#include <stdint.h>

#define SLOW_US 5000
#define SLOW_PAGES 1024 /* two replies of 2 MB */
#define SLOW_PAGE_US 0.7 /* as usual */

#ifdef FAULTS
/* The processor time of this thread, in us. */
int64_t slow_begin(void);
/* *fn* was called at *begin*. */
void slow_end(int64_t begin, const void *fn);
#else
#define slow_begin() (0)
#define slow_end(begin, fn) ((void)(begin), (void)(fn))
#endif

#endif
