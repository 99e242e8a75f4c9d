// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets received on one network device
 *
 * Made from addon.toml by lttng-addon; change that, not this.
 * Digest: 89c00f0224a27a86
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include <lttng/tracer.h>
#include <wrapper/tracepoint.h>

#include "lttng-addon-hits.h"
#include "lttng-addon-parameter.h"

LTTNG_ADDON_TEXT_PARAMETER(device, "lo", 63,
			   "text, at most 63 bytes (default: lo)");

static DEFINE_PER_CPU(struct lttng_addon_hits, netif_receive_skb_filter_hits);

static void netif_receive_skb_filter_probe(void *lttng_event,
					   struct sk_buff *skb);

/*
 * LTTng's part. It defines __event_probe__NAME() for each event, which writes
 * the event into the ring buffers. LTTng calls NAME_probe() instead, so that
 * the filter comes first.
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

LTTNG_ADDON_HITS_PARAMETER(netif_receive_skb_filter, 0);

static int __init skb_filter_init(void)
{
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
