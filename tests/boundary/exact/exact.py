# SPDX-License-Identifier: GPL-2.0-only
"""Three signals, then 4,096 keys by the numbers of signals that nobody gets; both ways of reading, and /proc."""

import ctypes
import os
import re
import signal
from pathlib import Path

from lttng_addon_client import Interface

GREATEST, LEAST, TIMES, KEYS = 2**64 - 1, -(2**63), 3, 4096

libc = ctypes.CDLL(None)
with Interface.open("exact") as addon:
    signal.signal(signal.SIGUSR1, lambda *_: None)
    for _ in range(TIMES):
        os.kill(os.getpid(), signal.SIGUSR1)
    for _ in range(2):
        for key in range(1000, 1000 + KEYS):
            libc.kill(0x7FFFFFFF, key)
    sent = dict.fromkeys(range(1000, 1000 + KEYS), 2)
    for round in range(3000):
        for key in (77, 78, 90000 + round):
            libc.kill(0x7FFFFFFF, key)
            sent[key] = sent.get(key, 0) + 1
    weights = {key: count * (50000 if key == 77 else key) for key, count in sent.items()}
    for read in (addon.aggregate, addon.read_aggregate):
        for name in ("greatest", "greatest_from_below", "greatest_in_bits", "greatest_in_steps"):
            (row,) = read(name).rows
            filled = [(begin, count) for begin, count in row.buckets if count]
            assert filled == [(row.buckets[-1][0], TIMES)], (name, filled)
            assert (row.sum, row.min, row.max) == (TIMES * GREATEST, GREATEST, GREATEST), row
        (least,) = read("least").rows
        assert (least.sum, least.min, least.max) == (TIMES * LEAST, LEAST, LEAST), least
        assert read("total").rows[0].sum == TIMES * GREATEST
        many = read("many")
        assert {row.key: row.count for row in many.rows} == dict.fromkeys(range(1000, 1000 + KEYS), 2)
        assert many.overflow == 0, many.overflow
        for name, truth in (("heaviest", sent), ("heaviest_by_weight", weights)):
            top = read(name)
            assert top.overflow and top.unsure and len(top.rows) == 16
            for row in top.rows:
                own = row.sum or 0
                assert own <= truth[row.key] <= own + top.unsure, (name, row, truth[row.key], top.unsure)
        assert {row.key for row in read("heaviest").rows[:2]} == {77, 78}
        few = read("few")
        assert sum(row.count for row in few.rows) + few.overflow == sum(sent.values())
        assert 4 <= len(few.rows) <= 8, len(few.rows)
    text = Path("/proc/lttng-addons/exact").read_text()
    assert re.search(rf"^ +{TIMES} +{GREATEST} +{GREATEST} +{GREATEST}$", text, re.MULTILINE), text
    assert re.search(rf"^ +{TIMES} +{LEAST} +{LEAST} +{LEAST}$", text, re.MULTILINE), text
    assert re.search(rf"^ +{TIMES * GREATEST}$", text, re.MULTILINE), text
    print("exact")
