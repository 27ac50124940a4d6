#include "lamplight/help.h"

#include <string.h>

/* The width of the column with the usage; a longer usage has its own line. */
#define FORM_WIDTH 21

void
help_print(FILE *to, const char *form, const char *help)
{
	if (strlen(form) > FORM_WIDTH)
		fprintf(to, "  %s\n%*s", form, FORM_WIDTH + 3, "");
	else
		fprintf(to, "  %-*s ", FORM_WIDTH, form);
	fprintf(to, "%s\n", help);
}
