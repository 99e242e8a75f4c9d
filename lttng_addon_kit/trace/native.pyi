# SPDX-License-Identifier: GPL-2.0-only
"""Reading packets into columns, and counting what is in them: the part of the kit that is in C (native/)."""

from typing import Any

# Anything with a buffer: bytes, a memoryview, an array.
_Buffer = Any

class Decoder:
    """Reads the events of one stream into the columns of their classes; releases the GIL while it does."""

    def __new__(cls, steps: bytes, header_steps: int, columns: bytes, classes: bytes, /) -> Decoder:
        """Take a program: arrays of struct step, column_layout and class_layout (native/program.h).

        Raises:
            ValueError: following it would not be safe.
        """

    def read(
        self, data: _Buffer, at: int, end: int, clock: int, most: int, most_rows: int, /
    ) -> tuple[int, int, int, int, int]:
        """Decode events from bit `at` of `data` up to bit `end`, which may lie beyond it.

        It ends early when the columns hold `most` bytes, or one class has `most_rows` events.

        Returns:
            enum decode_status (native/decode.h), the bit where the next event begins, the clock, how many events were
            read, and the step that failed.
        """

    def take(self, index: int, /) -> tuple[bytes, tuple[tuple[bytes, bytes, bytes], ...]]:
        """The times of a class's events, and of each column the data, offsets and rows; all are forgotten here."""

    def full(self, least: int, /) -> list[int]:
        """The classes with so many events or more."""

    def held(self) -> int:
        """How many bytes the columns hold, about."""

def count_into(table: _Buffer, values: _Buffer, /) -> tuple[int, int]:
    """Count integers of 64 bits in a hash table (struct counted, native/count.h), which is filled to three quarters.

    Returns:
        How many of the values were counted before it was full, and how many of its entries are used.
    """

def move_into(to: _Buffer, table: _Buffer, /) -> None:
    """Move what a table has counted into an empty one, which is larger."""

def hash_texts(offsets: _Buffer, data: _Buffer, /) -> bytes:
    """A hash of 64 bits for each text."""

def note_values(registers: _Buffer, values: _Buffer, /) -> None:
    """Note integers of 64 bits in the registers of HyperLogLog, a byte each, of which there are a power of two."""
