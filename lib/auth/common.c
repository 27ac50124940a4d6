#include "auth/common.h"

#include <ctype.h>
#include <strings.h>

#define WORD_MAX 20 /* length of the longest word on the list */
#define DIFFERENT_MIN 4
#define NAME_MIN 3
#define REST_MIN 4

/* The words, each with a blank before and after it. */
static const char *const lists[] = {
#include "auth/common_passwords.inc"
};

/* "00000000", "abababab": no list contains them all. */
static bool
has_few_characters(struct span password)
{
	bool seen[256] = { false };
	unsigned n = 0;

	for (size_t i = 0; i < password.len; i++) {
		unsigned char c = (unsigned char)password.data[i];

		n += !seen[c];
		seen[c] = true;
	}
	return n < DIFFERENT_MIN;
}

bool
common_password(struct span password)
{
	char word[1 + WORD_MAX + 2] = " ";

	if (password.len > WORD_MAX)
		return false;
	if (has_few_characters(password))
		return true;
	if (memchr(password.data, ' ', password.len) != NULL ||
		memchr(password.data, '\0', password.len) != NULL)
		return false;
	for (size_t i = 0; i < password.len; i++)
		word[1 + i] = (char)tolower((unsigned char)password.data[i]);
	word[1 + password.len] = ' ';
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strstr(lists[i], word) != NULL)
			return true;
	return false;
}

bool
common_name(struct span password, const char *name)
{
	size_t len = strlen(name), rest = 0, n = 0;

	if (len < NAME_MIN)
		return false;
	for (size_t i = 0; i < password.len;) {
		if (password.len - i >= len &&
			strncasecmp(password.data + i, name, len) == 0) {
			i += len;
			n++;
		} else {
			i++;
			rest++;
		}
	}
	return n > 0 && rest < REST_MIN;
}
