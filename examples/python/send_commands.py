# SPDX-License-Identifier: GPL-2.0-only
"""Both sensors' temperatures, and an alarm a quarter of a degree above the first.

For the addon ioctl-sensors, on the machine where it is loaded.
"""

from lttng_addon_client import Interface

with Interface.open("ioctl-sensors") as sensors:
    first = sensors.command("READ_TEMP_SENSOR_1")
    second = sensors.command("READ_TEMP_SENSOR_2")
    print(f"{first / 1000:.3f} and {second / 1000:.3f} degrees Celsius")
    sensors.command("SET_ALARM", {"sensor": 1, "millidegrees": first + 250})
