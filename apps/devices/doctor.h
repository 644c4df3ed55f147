/* doctor.h: devices --doctor. */
#ifndef DEVICES_DOCTOR_H
#define DEVICES_DOCTOR_H

#include <tessera/device.h>

/* Prints what is wrong or worth knowing, each with the command that mends it. */
void print_diagnosis(const tsr_device_list *list);

#endif /* DEVICES_DOCTOR_H */
