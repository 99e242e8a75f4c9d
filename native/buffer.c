// SPDX-License-Identifier: GPL-2.0-only
#include "buffer.h"

#define SMALLEST 256

bool buffer_grow(struct buffer *buffer, size_t more)
{
	size_t room = buffer->room ? buffer->room : SMALLEST;
	uint8_t *bytes;

	if (more > SIZE_MAX / 4 || buffer->used > SIZE_MAX / 4)
		return false;
	while (room < buffer->used + more)
		room *= 2;
	bytes = realloc(buffer->bytes, room);
	if (!bytes)
		return false;
	buffer->bytes = bytes;
	buffer->room = room;
	return true;
}
