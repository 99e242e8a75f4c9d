"""C functions that generated code calls: what the kernel lacks, or does not export to modules."""

from __future__ import annotations

_COPY = """\
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

_KERNEL_POINTER = """\
/*
 * What functions are called with and return may be NULL, an error number, or
 * lead to user space, which is in the lower half of all addresses.
 */
static bool is_kernel_pointer(const void *pointer)
{
	return (long)pointer < 0 && !IS_ERR(pointer);
}"""

_BOUNDED_STARTS = """\
/* Whether a text that may fill its array, with no NUL then, has this prefix. */
static bool bounded_starts(const char *text, size_t size, const char *prefix)
{
	size_t length = strlen(prefix);

	return length <= size && !strncmp(text, prefix, length);
}"""

_FUNCTIONS = {
    "bounded_starts": _BOUNDED_STARTS,
    "is_kernel_pointer": _KERNEL_POINTER,
    "nofault_text": _COPY.format(name="nofault_text", space="", copy="copy_from_kernel_nofault"),
    "nofault_user_text": _COPY.format(name="nofault_user_text", space="__user ", copy="copy_from_user_nofault"),
}


def helper_function(name: str) -> str:
    """The definition of one of these functions: bounded_starts, is_kernel_pointer, nofault_text, nofault_user_text."""
    return _FUNCTIONS[name]
