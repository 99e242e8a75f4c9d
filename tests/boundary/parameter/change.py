"""Changes a text parameter 100,000 times under traffic; prints how many different texts the probe has seen whole."""

import subprocess

from lttng_addon_client import Interface

TEXTS = [letter * 59 for letter in "ab"]

with Interface.open("parameter") as addon:
    addon.set_parameter("label", TEXTS[0])
    addon.reset()
    with subprocess.Popen(["ping", "-q", "-f", "-s", "1", "127.0.0.1"], stdout=subprocess.DEVNULL) as ping:
        for number in range(100_000):
            addon.set_parameter("label", TEXTS[number % 2])
        ping.terminate()
    seen = addon.aggregate("labels").by_key
    assert set(seen) <= set(TEXTS), seen
    print(len(seen), "texts, torn: 0, packets over 1000:", sum(row.count for row in seen.values()) > 1000)
