/* machine.h: what the doctor looks at on this machine, apart from OpenCL. */
#ifndef DEVICES_MACHINE_H
#define DEVICES_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

/* "sudo ", or "" for root. */
const char *sudo(void);

/* The Debian package that owns a file, by dpkg's own records. False if none does, or
 * there is no dpkg. */
bool owning_package(const char *file, char *package, size_t size);

/* Where PoCL keeps what it compiles: POCL_CACHE_DIR, else below XDG_CACHE_HOME, HOME or
 * /tmp. */
void pocl_cache(char *path, size_t size);

/* Whether the folder can be written, or can be made and then written. */
bool can_write_folder(const char *path);

/* Whether /proc and /sys are there. */
bool has_proc_and_sys(void);

/* Whether a folder of $PATH has this program, and the first of the usual folders that has
 * it, or NULL. */
bool is_in_path(const char *program);
const char *usual_folder(const char *program);

/* Whether there is a GPU's device file that this user may not open. */
bool gpu_is_forbidden(void);

#endif /* DEVICES_MACHINE_H */
