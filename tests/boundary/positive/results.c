// SPDX-License-Identifier: GPL-2.0-only
/* What register_chrdev() does, too: a success that is not 0. */
#include <linux/module.h>

int positive_begin(void);
void positive_end(void);
int positive_answer(void);

static int begin_result = 5;
module_param(begin_result, int, 0400);
MODULE_PARM_DESC(begin_result, "what the init function returns");

int positive_begin(void)
{
	pr_info("positive: begun\n");
	return begin_result;
}

void positive_end(void)
{
	pr_info("positive: ended\n");
}

int positive_answer(void)
{
	return 7;
}
