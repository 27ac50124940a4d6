/*
 * fault.h: points at which a test build can be made to fail: to be killed, to
 * stop, or to return an error. Other builds (without -DFAULTS) contain none of
 * it.
 *
 * The file named by LAMPLIGHT_FAULT_FILE holds "STEP:ACTION[:N]". At the Nth
 * time that STEP is passed (default: the next time), ".PID" of this process is
 * appended to the file's name and ACTION is performed: kill (SIGKILL), pause
 * (SIGSTOP), err (return ERR_BUSY) or burn (use 20 ms of processor time).
 * Nothing happens if the file is removed first.
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
