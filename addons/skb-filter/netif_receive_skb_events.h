/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What LTTng records of netif_receive_skb_filter.
 *
 * LTTng includes this header many times over, each time with another meaning
 * of its macros: one pass makes the description of the event that a trace
 * carries, another one the code that writes it
 * (lttng/tracepoint-event-impl.h). Hence the unusual guard below.
 *
 * Made from addon.toml by lttng-addon; change that, not this.
 * Digest: 12996942a039aed0
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM netif_receive_skb

#if !defined(LTTNG_ADDON_NETIF_RECEIVE_SKB_H) || defined(TRACE_HEADER_MULTI_READ)
#define LTTNG_ADDON_NETIF_RECEIVE_SKB_H

#include <lttng/tracepoint-event.h>

/*
 * LTTng declares trace_netif_receive_skb() with the recorded fields as
 * arguments. Rename it, so that it clashes neither with the kernel's
 * declaration nor with other events on this tracepoint.
 */
#define trace_netif_receive_skb(...) trace_netif_receive_skb_filter(__VA_ARGS__)

/*
 * TP_PROTO: what our filter passes on, not the tracepoint's own arguments.
 * TP_ARGS: their names, in the same order.
 * TP_FIELDS: each field's type in C, its name in the trace, and its value.
 */
LTTNG_TRACEPOINT_EVENT_MAP(netif_receive_skb, netif_receive_skb_filter,

	TP_PROTO(const struct sk_buff *skbaddr, unsigned int len,
		 const char *name),

	TP_ARGS(skbaddr, len, name),

	TP_FIELDS(
		ctf_integer_hex(const struct sk_buff *, skbaddr, skbaddr)
		ctf_integer(unsigned int, len, len)
		ctf_array_text(char, name, name, 16)
	)
)
#undef trace_netif_receive_skb

#endif /* LTTNG_ADDON_NETIF_RECEIVE_SKB_H */

/* This part must be outside protection. */
#define TRACE_INCLUDE_FILE netif_receive_skb_events
#include <lttng/define_trace.h>
