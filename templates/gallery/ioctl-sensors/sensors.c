// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two temperature sensors: the machine's own where it has such thermal zones,
 * else a simulation, which says so. An alarm sounds once, as an event.
 */
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/thermal.h>
#include <linux/workqueue.h>

#include "ioctl_sensors_abi.h"

#define SENSORS		2
#define CHECK_EVERY_MS	50

int sensors_start(void);
void sensors_stop(void);
s64 sensor_read(u32 sensor);
bool sensors_simulated(void);
int sensors_set_alarm(struct ioctl_sensors_alarm *wanted);
/* The event's; see addon.toml. */
void sensor_alarm(u32 sensor, s64 millidegrees, s64 threshold);

static const char *const zone_names[SENSORS] = { "x86_pkg_temp", "acpitz" };
static struct thermal_zone_device *zones[SENSORS];

/* Protects `alarm` and whether it is set. */
static DEFINE_MUTEX(alarm_lock);
static struct ioctl_sensors_alarm alarm;
static bool alarm_set;

/* From 18 degrees up to 22 and down again, 0.1 a 20 ms; the second 2 warmer. */
static s64 simulated(u32 sensor)
{
	u32 step;

	div_u64_rem(ktime_get_boottime_ns() / (20 * NSEC_PER_MSEC), 80, &step);
	return 18000 + 100 * (step < 40 ? step : 80 - step) + 2000 * (sensor - 1);
}

/* Thousandths of a degree Celsius; may sleep. */
s64 sensor_read(u32 sensor)
{
	int millidegrees;

	if (zones[0] && zones[1] &&
	    !thermal_zone_get_temp(zones[sensor - 1], &millidegrees))
		return millidegrees;
	return simulated(sensor);
}

bool sensors_simulated(void)
{
	return !zones[0] || !zones[1];
}

static void check_alarm(struct work_struct *work);
static DECLARE_DELAYED_WORK(alarm_work, check_alarm);

static void check_alarm(struct work_struct *work)
{
	s64 millidegrees;

	mutex_lock(&alarm_lock);
	if (alarm_set) {
		millidegrees = sensor_read(alarm.sensor);
		if (millidegrees >= alarm.millidegrees) {
			sensor_alarm(alarm.sensor, millidegrees, alarm.millidegrees);
			alarm_set = false;
		} else {
			schedule_delayed_work(&alarm_work,
					      msecs_to_jiffies(CHECK_EVERY_MS));
		}
	}
	mutex_unlock(&alarm_lock);
}

int sensors_set_alarm(struct ioctl_sensors_alarm *wanted)
{
	if (wanted->sensor < 1 || wanted->sensor > SENSORS)
		return -EINVAL;
	mutex_lock(&alarm_lock);
	alarm = *wanted;
	alarm_set = true;
	mutex_unlock(&alarm_lock);
	mod_delayed_work(system_wq, &alarm_work, 0);
	return 0;
}

int sensors_start(void)
{
	struct thermal_zone_device *zone;
	int i;

	for (i = 0; i < SENSORS; i++) {
		zone = thermal_zone_get_zone_by_name(zone_names[i]);
		if (!IS_ERR(zone))
			zones[i] = zone;
	}
	if (sensors_simulated())
		pr_info("ioctl-sensors: no thermal zones %s and %s here: simulating\n",
			zone_names[0], zone_names[1]);
	return 0;
}

void sensors_stop(void)
{
	cancel_delayed_work_sync(&alarm_work);
}
