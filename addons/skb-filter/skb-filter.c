// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets received on one network device
 *
 * Made from addon.toml by lttng-addon; change that, not this.
 * Digest: ba4805b33e47a865
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <lttng/tracer.h>
#include <wrapper/tracepoint.h>

/*
 * A text parameter may change while probes read it. Every value is a copy of
 * its own, published by RCU: a probe sees the old text or the new one, never
 * a mix of both.
 */
struct text_parameter {
	struct rcu_head rcu;
	char text[];
};

struct text_slot {
	struct text_parameter __rcu *value;
	size_t length;
};

/* The text as it is now; for probes, which run with preemption disabled. */
#define parameter_text(slot)	(rcu_dereference_sched((slot).value)->text)

static int text_slot_set(struct text_slot *slot, const char *text, size_t length)
{
	struct text_parameter *next, *previous;

	if (length > slot->length)
		return -ENOSPC;
	next = kzalloc(struct_size(next, text, slot->length + 1), GFP_KERNEL);
	if (!next)
		return -ENOMEM;
	memcpy(next->text, text, length);
	/* Writers are serialized by the kernel's lock on module parameters. */
	previous = rcu_replace_pointer(slot->value, next, true);
	kfree_rcu(previous, rcu);
	return 0;
}

static int text_parameter_set(const char *text, const struct kernel_param *kp)
{
	/* echo ends what it writes with a newline. */
	return text_slot_set(kp->arg, text, strcspn(text, "\n"));
}

static int text_parameter_get(char *buffer, const struct kernel_param *kp)
{
	struct text_slot *slot = kp->arg;
	struct text_parameter *value;
	int length;

	rcu_read_lock();
	value = rcu_dereference(slot->value);
	/* Readable a moment before the module's init gives it its default. */
	length = sysfs_emit(buffer, "%s\n", value ? value->text : "");
	rcu_read_unlock();
	return length;
}

/* Called when the module goes: no probe is left. */
static void text_parameter_free(void *arg)
{
	struct text_slot *slot = arg;

	kfree(rcu_access_pointer(slot->value));
}

static const struct kernel_param_ops text_parameter_ops = {
	.set = text_parameter_set,
	.get = text_parameter_get,
	.free = text_parameter_free,
};

static struct text_slot param_device = { .length = 63 };
module_param_cb(device, &text_parameter_ops, &param_device, 0600);
MODULE_PARM_DESC(device, "default: lo");

/* Gives every text parameter that was not set at loading time its default. */
static int __init text_parameters_init(void)
{
	int ret;

	if (!rcu_access_pointer(param_device.value)) {
		ret = text_slot_set(&param_device, "lo", 2);
		if (ret)
			return ret;
	}
	return 0;
}

/* How often each hook was hit, and how often its filter let it pass. */
struct hits {
	u64 seen;
	u64 passed;
};

static DEFINE_PER_CPU(struct hits, netif_receive_skb_filter_hits);

static void netif_receive_skb_filter_probe(void *lttng_event,
		struct sk_buff *skb);

/*
 * LTTng's part. It defines __event_probe__NAME() for each event, which writes
 * the event into the ring buffers. LTTng calls NAME_probe() instead, so that the
 * filter comes first.
 */
#define LTTNG_PACKAGE_BUILD
#define CREATE_TRACE_POINTS
#define TP_MODULE_NOAUTOLOAD
#define TP_PROBE_CB(event)	(&event##_probe)
#define TRACE_INCLUDE_PATH .

#include "netif_receive_skb_events.h"

/* Records if: skb->dev->name == $device */
static __always_inline void netif_receive_skb_filter_record(void *lttng_event,
		struct sk_buff *skb)
{
	struct net_device *dev;

	this_cpu_inc(netif_receive_skb_filter_hits.seen);
	if (!skb)
		return;
	dev = skb->dev;
	if (!dev ||
	    strncmp(dev->name, parameter_text(param_device), sizeof(dev->name)))
		return;
	this_cpu_inc(netif_receive_skb_filter_hits.passed);
	__event_probe__netif_receive_skb_filter(lttng_event, skb, skb->len,
			dev->name);
}

static void netif_receive_skb_filter_probe(void *lttng_event,
		struct sk_buff *skb)
{
	/* Not every kernel disables preemption around its tracepoints (7.2). */
	preempt_disable_notrace();
	netif_receive_skb_filter_record(lttng_event, skb);
	preempt_enable_notrace();
}

static int hits_line(char *buffer, int at, const char *event,
		     struct hits __percpu *hits, unsigned long missed)
{
	u64 seen = 0, passed = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		seen += READ_ONCE(per_cpu_ptr(hits, cpu)->seen);
		passed += READ_ONCE(per_cpu_ptr(hits, cpu)->passed);
	}
	return sysfs_emit_at(buffer, at, "%s %llu %llu %lu\n", event, seen,
			     passed, missed);
}

static int hits_get(char *buffer, const struct kernel_param *kp)
{
	int length = 0;

	length += hits_line(buffer, length, "netif_receive_skb_filter",
			    &netif_receive_skb_filter_hits, 0);
	return length;
}

static const struct kernel_param_ops hits_ops = { .get = hits_get };
module_param_cb(hits, &hits_ops, NULL, 0400);
MODULE_PARM_DESC(hits, "For each event: its name, hits of its hook, hits that passed its filter, hits that its probe missed");

static int __init skb_filter_init(void)
{
	int ret;

	ret = text_parameters_init();
	if (ret)
		return ret;

	return __lttng_events_init__netif_receive_skb();
}
module_init(skb_filter_init);

static void __exit skb_filter_exit(void)
{
	__lttng_events_exit__netif_receive_skb();
}
module_exit(skb_filter_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Packets received on one network device");
