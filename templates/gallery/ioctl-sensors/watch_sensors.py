"""Reads both sensors, sets an alarm half a degree above the first, and waits for it to sound (in the trace)."""

import time

from lttng_addon_client import Interface

with Interface.open("ioctl-sensors") as sensors:
    if sensors.command("ARE_SIMULATED"):
        print("this machine has no temperature sensors: these are simulated")
    first = sensors.command("READ_TEMP_SENSOR_1")
    sensors.command("SET_ALARM", {"sensor": 1, "millidegrees": first + 500})
    for _ in range(8):
        first, second = sensors.command("READ_TEMP_SENSOR_1"), sensors.command("READ_TEMP_SENSOR_2")
        print(f"sensor 1: {first / 1000:.3f} °C, sensor 2: {second / 1000:.3f} °C")
        time.sleep(0.2)
