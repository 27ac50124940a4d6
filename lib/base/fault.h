/*
 * fault.h: places where a test build can be made to fail: killed, stopped,
 * or given an error. Other builds (without -DFAULTS) have none of it.
 *
 * The file named by LAMPLIGHT_FAULT_FILE holds "STEP:ACTION[:N]": at the Nth
 * passage of STEP (default: the next) the file gets ".PID" of this process at
 * the end of its name and ACTION is done: kill (SIGKILL), pause (SIGSTOP), err
 * (ERR_BUSY is returned) or burn (20 ms of processor time are taken). A file that was taken away before does nothing.
 */

#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/err.h"

#ifdef FAULTS
enum err fault_at(const char *step);
#else
#define fault_at(step) (OK)
#endif

#endif
