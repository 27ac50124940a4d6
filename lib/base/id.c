#include "base/id.h"

enum err
id_parse(struct span text, uint64_t *out)
{
	uint64_t value = 0;

	if (text.len == 0 || text.len > 20 || text.data[0] == '0')
		return ERR_INVALID;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';

		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return ERR_INVALID;
		value = value * 10 + digit;
	}
	*out = value;
	return OK;
}
