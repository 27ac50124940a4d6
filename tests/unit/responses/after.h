/* after.h: ends of the items to which the pieces in delta_test.c and the fuzz
 * target belong; at an end its item is visible. */

#ifndef UNIT_RESPONSES_AFTER_H
#define UNIT_RESPONSES_AFTER_H

#define RESPONSES_AFTER                                                   \
	"data: {\"type\":\"response.output_item.done\",\"item\":{"        \
	"\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[{\"text\":"  \
	"\"x\"},{\"text\":\"y\"},{\"text\":\"z\"}]}}\n\ndata: {\"type\":" \
	"\"response.output_item.done\",\"output_index\":0,\"item\":{"     \
	"\"type\":\"message\",\"id\":\"msg_1\",\"content\":[{\"text\":"   \
	"\"t\"}]}}\n\n"

#endif
