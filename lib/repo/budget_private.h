/*
 * budget_private.h: shared by budget.c and budget_share.c.
 *
 * Adding up what a user has stored reads a row for each session. So a process
 * that has done it gives the user a share, a 64th of the room that was left,
 * for a minute, and looks again only when that is used up. Near the end of a
 * limit each send is looked at alone; only what other processes still have of
 * their shares can exceed it, by a 64th of that room for each of them.
 */

#ifndef REPO_BUDGET_PRIVATE_H
#define REPO_BUDGET_PRIVATE_H

#include "repo/budget.h"

enum budget_share {
	SHARE_TAKEN, /* it covered the send */
	SHARE_SMALL, /* the user has one, but it never covered such a send */
	SHARE_NONE, /* used up, too old, or of other limits */
};

/* Both may be called by several threads at a time. */
enum budget_share
budget_share_take(const struct budget_send *send, const struct budget *max);
void budget_share_give(const struct budget_send *send, const struct budget *max,
	const struct budget *used);

#endif
