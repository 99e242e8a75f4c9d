#include <linux/sched.h>

static int hidden(struct task_struct *task)
{
	return task->pid;
}

void forget(struct task_struct *task)
{
	task->prio = 0;
}

int grade(const struct task_struct *task, int weight)
{
	return weight * hidden((struct task_struct *)task);
}
