// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both sensors' temperatures, and an alarm a quarter of a degree above the first.
 * For the addon ioctl-sensors; cc -I addons/ioctl-sensors send_commands.c
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ioctl_sensors_abi.h"

int main(void)
{
	struct ioctl_sensors_alarm alarm = { .sensor = 1 };
	__s64 first, second;
	int device = open(IOCTL_SENSORS_PATH, O_RDWR);

	if (device < 0) {
		perror(IOCTL_SENSORS_PATH);
		return 1;
	}
	if (ioctl(device, IOCTL_SENSORS_READ_TEMP_SENSOR_1, &first) ||
	    ioctl(device, IOCTL_SENSORS_READ_TEMP_SENSOR_2, &second)) {
		perror("READ_TEMP_SENSOR");
		return 1;
	}
	printf("%.3f and %.3f degrees Celsius\n", first / 1000.0, second / 1000.0);
	alarm.millidegrees = first + 250;
	if (ioctl(device, IOCTL_SENSORS_SET_ALARM, &alarm)) {
		perror("SET_ALARM");
		return 1;
	}
	close(device);
	return 0;
}
