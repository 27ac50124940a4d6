/* hex.h: one hexadecimal digit. */

#ifndef BASE_HEX_H
#define BASE_HEX_H

/* Its value, or -1 for any other character. */
static inline int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
