/* SPDX-License-Identifier: GPL-2.0-only */
/* How an addon hooks the passing of time: by a high-resolution timer. */
#ifndef LTTNG_ADDON_TIMER_H
#define LTTNG_ADDON_TIMER_H

#include <linux/atomic.h>
#include <linux/cpuhotplug.h>
#include <linux/hrtimer.h>
#include <linux/percpu.h>
#include <linux/version.h>

/**
 * struct lttng_addon_timer - A period that is hooked
 * @function: called at the end of each, in an interrupt
 * @period_ns: how long it is
 * @late: periods that had passed when the one before was served
 * @one: the timer, or else:
 * @each: the timers of all CPUs
 * @online: starts a CPU's timer on that CPU; of @each
 * @offline: stops it there
 * @state: the kernel's number for these two
 */
struct lttng_addon_timer {
	enum hrtimer_restart (*function)(struct hrtimer *hrtimer);
	u64 period_ns;
	atomic_long_t late;
	struct hrtimer one;
	struct hrtimer __percpu *each;
	int (*online)(unsigned int cpu);
	int (*offline)(unsigned int cpu);
	int state;
};

static inline void lttng_addon_timer_start(struct lttng_addon_timer *timer,
					   struct hrtimer *hrtimer,
					   enum hrtimer_mode mode)
{
	/* hrtimer_init() went in 6.15. */
#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
	hrtimer_setup(hrtimer, timer->function, CLOCK_MONOTONIC, mode);
#else
	hrtimer_init(hrtimer, CLOCK_MONOTONIC, mode);
	hrtimer->function = timer->function;
#endif
	hrtimer_start(hrtimer, ns_to_ktime(timer->period_ns), mode);
}

/**
 * lttng_addon_timer_again() - Set a timer to the end of its next period
 * @timer: the period
 * @hrtimer: as the timer's function has it
 *
 * Periods that are over already are counted in @timer->late, and left out.
 */
static inline void lttng_addon_timer_again(struct lttng_addon_timer *timer,
					   struct hrtimer *hrtimer)
{
	u64 passed = hrtimer_forward_now(hrtimer, ns_to_ktime(timer->period_ns));

	if (unlikely(passed > 1))
		atomic_long_add(passed - 1, &timer->late);
}

/**
 * lttng_addon_timer_online() - Start the timer of the CPU that runs this
 * @timer: the period, one of @each
 */
static inline int lttng_addon_timer_online(struct lttng_addon_timer *timer)
{
	lttng_addon_timer_start(timer, this_cpu_ptr(timer->each),
				HRTIMER_MODE_REL_PINNED);
	return 0;
}

/**
 * lttng_addon_timer_offline() - Stop the timer of the CPU that runs this
 * @timer: as in lttng_addon_timer_online()
 */
static inline int lttng_addon_timer_offline(struct lttng_addon_timer *timer)
{
	hrtimer_cancel(this_cpu_ptr(timer->each));
	return 0;
}

/**
 * lttng_addon_timer_attach() - Begin the first period
 * @timer: it
 *
 * Context: Process; sleeps.
 * Return: 0, or an error.
 */
static inline int lttng_addon_timer_attach(struct lttng_addon_timer *timer)
{
	int ret;

	if (!timer->each) {
		lttng_addon_timer_start(timer, &timer->one, HRTIMER_MODE_REL);
		return 0;
	}
	/* CPUs that come later get their timer, too. */
	ret = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "lttng-addon:timer",
				timer->online, timer->offline);
	if (ret < 0)
		return ret;
	timer->state = ret;
	return 0;
}

/**
 * lttng_addon_timer_detach() - End what lttng_addon_timer_attach() began
 * @timer: it
 *
 * Context: Process; sleeps until no CPU runs the timer's function.
 */
static inline void lttng_addon_timer_detach(struct lttng_addon_timer *timer)
{
	if (timer->each)
		cpuhp_remove_state(timer->state);
	else
		hrtimer_cancel(&timer->one);
}

#endif /* LTTNG_ADDON_TIMER_H */
