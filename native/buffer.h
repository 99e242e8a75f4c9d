/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes that grow. */
#ifndef KIT_BUFFER_H
#define KIT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct buffer {
	uint8_t *bytes;
	size_t used;
	size_t room;
};

/* Slow part of buffer_reserve(). */
bool buffer_grow(struct buffer *buffer, size_t more);

/* Makes room for so many more bytes; false where there is no memory. */
static inline bool buffer_reserve(struct buffer *buffer, size_t more)
{
	return more <= buffer->room - buffer->used || buffer_grow(buffer, more);
}

/* What buffer_reserve() made room for: the place of the next bytes, which are used from now on. */
static inline void *buffer_take(struct buffer *buffer, size_t more)
{
	uint8_t *place = buffer->bytes + buffer->used;

	buffer->used += more;
	return place;
}

static inline void buffer_free(struct buffer *buffer)
{
	free(buffer->bytes);
}

#endif
