"""The C functions that copy text which may not be there; the kernel exports none for modules that does."""

from __future__ import annotations

_FUNCTION = """\
/*
 * Copies text that ends at its NUL or after size - 1 bytes. Reads no page
 * beyond that NUL, since it may not be there.
 */
static int {name}(char *to, const char {space}*from, size_t size)
{{
	size_t done = 0, chunk, length;

	while (done < size - 1) {{
		chunk = PAGE_SIZE - offset_in_page(from + done);
		chunk = min_t(size_t, size - 1 - done, chunk);
		if ({copy}(to + done, from + done, chunk))
			return -EFAULT;
		length = strnlen(to + done, chunk);
		done += length;
		if (length < chunk)
			break;
	}}
	to[done] = '\\0';
	return 0;
}}"""


def copy_function(space: str) -> str:
    """The definition of `nofault_text` (space "kernel") or `nofault_user_text` ("user")."""
    if space == "user":
        return _FUNCTION.format(name="nofault_user_text", space="__user ", copy="copy_from_user_nofault")
    return _FUNCTION.format(name="nofault_text", space="", copy="copy_from_kernel_nofault")
