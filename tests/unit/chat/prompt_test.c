/* How a reply ends that could not be asked for. */

#include "../unit.h"
#include "chat/prompt.h"
#include "llm/event.h"

static void
test_the_model_is_not_blamed(void **state)
{
	(void)state;
	assert_int_equal(prompt_fault(OK), LLM_OK);
	assert_int_equal(prompt_fault(ERR_BUSY), LLM_DATABASE);
	assert_int_equal(prompt_fault(ERR_CONFLICT), LLM_STEPS);
	assert_int_equal(prompt_fault(ERR_INTERNAL), LLM_DEFECT);
	assert_int_equal(prompt_fault(ERR_NOT_FOUND), LLM_DEFECT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_model_is_not_blamed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
