/* Devices are found and opened while calls fail, one after another: those of the system
 * that lib/device makes, allocations (../faults/host.h), and those of OpenCL.
 *
 * The loader loads its drivers once per process, so each fault has a child of a process
 * that has no loader. Drivers are described in words (../fakes/fake_describe.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CL/cl.h>
#include <tessera/device.h>
#include <tessera/tensor.h>

#include "../fakes/vendor_folder.h"
#include "../faults/host.h"
#include "base/error.h"

/* ---- Calls that fail --------------------------------------------------------------- */

typedef enum kind { MEMORY, SYSTEM, DRIVER, KINDS } kind;

static kind armed;
static long nth, counted;
static const char *failed; /* the call */
static cl_int cl_code;

static bool fails(kind k, const char *call)
{
    if (k != armed || ++counted != nth)
        return false;
    failed = call;
    errno = EAGAIN;
    return true;
}

/* RESULT CALL(PARAMETERS), which gives FAILURE when it fails. */
#define WRAP(k, result, call, parameters, arguments, failure)                          \
    result __real_##call parameters;                                                   \
    result __wrap_##call parameters;                                                   \
    result __wrap_##call parameters                                                    \
    {                                                                                  \
        return fails(k, #call) ? failure : __real_##call arguments;                    \
    }

WRAP(SYSTEM, int, setenv, (const char *name, const char *value, int over),
     (name, value, over), -1)
WRAP(SYSTEM, char *, mkdtemp, (char *path), (path), NULL)
WRAP(SYSTEM, int, symlink, (const char *to, const char *path), (to, path), -1)
WRAP(SYSTEM, int, pthread_mutex_init,
     (pthread_mutex_t * lock, const pthread_mutexattr_t *how), (lock, how), EAGAIN)

static bool without_helper; /* no child can be started */

int __real_posix_spawn(pid_t *pid, const char *path,
                       const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes, char *const *arguments,
                       char *const *environment);
int __wrap_posix_spawn(pid_t *pid, const char *path,
                       const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes, char *const *arguments,
                       char *const *environment);
int __wrap_posix_spawn(pid_t *pid, const char *path,
                       const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes, char *const *arguments,
                       char *const *environment)
{
    return without_helper ? EAGAIN
                          : __real_posix_spawn(pid, path, actions, attributes,
                                               arguments, environment);
}

/* The first of all loads the drivers, whatever it gives. */
WRAP(DRIVER, cl_int, clGetPlatformIDs,
     (cl_uint entries, cl_platform_id *to, cl_uint *count), (entries, to, count),
     (__real_clGetPlatformIDs(0, NULL, count), cl_code))
WRAP(DRIVER, cl_int, clGetPlatformInfo,
     (cl_platform_id id, cl_platform_info what, size_t size, void *to, size_t *got),
     (id, what, size, to, got), cl_code)
WRAP(DRIVER, cl_int, clGetDeviceIDs,
     (cl_platform_id id, cl_device_type type, cl_uint entries, cl_device_id *to,
      cl_uint *count),
     (id, type, entries, to, count), cl_code)
WRAP(DRIVER, cl_int, clGetDeviceInfo,
     (cl_device_id id, cl_device_info what, size_t size, void *to, size_t *got),
     (id, what, size, to, got), cl_code)
WRAP(DRIVER, cl_int, clRetainDevice, (cl_device_id id), (id), cl_code)
WRAP(DRIVER, cl_int, clBuildProgram,
     (cl_program program, cl_uint count, const cl_device_id *ids, const char *options,
      void(CL_CALLBACK *notify)(cl_program, void *), void *user),
     (program, count, ids, options, notify, user), cl_code)
WRAP(DRIVER, cl_int, clGetProgramBuildInfo,
     (cl_program program, cl_device_id id, cl_program_build_info what, size_t size,
      void *to, size_t *got),
     (program, id, what, size, to, got), cl_code)
WRAP(DRIVER, cl_int, clSetKernelArg,
     (cl_kernel kernel, cl_uint index, size_t size, const void *value),
     (kernel, index, size, value), cl_code)
WRAP(DRIVER, cl_int, clEnqueueNDRangeKernel,
     (cl_command_queue queue, cl_kernel kernel, cl_uint dims, const size_t *offset,
      const size_t *global, const size_t *local, cl_uint num_wait, const cl_event *wait,
      cl_event *event),
     (queue, kernel, dims, offset, global, local, num_wait, wait, event), cl_code)
WRAP(DRIVER, cl_int, clEnqueueReadBuffer,
     (cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset,
      size_t bytes, void *to, cl_uint num_wait, const cl_event *wait, cl_event *event),
     (queue, buffer, blocking, offset, bytes, to, num_wait, wait, event), cl_code)
/* These give an object, and the code by the way. */
WRAP(DRIVER, cl_context, clCreateContext,
     (const cl_context_properties *properties, cl_uint count, const cl_device_id *ids,
      void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *), void *user,
      cl_int *code),
     (properties, count, ids, notify, user, code), (*code = cl_code, NULL))
WRAP(DRIVER, cl_command_queue, clCreateCommandQueue,
     (cl_context context, cl_device_id id, cl_command_queue_properties properties,
      cl_int *code),
     (context, id, properties, code), (*code = cl_code, NULL))
WRAP(DRIVER, cl_mem, clCreateBuffer,
     (cl_context context, cl_mem_flags flags, size_t bytes, void *host, cl_int *code),
     (context, flags, bytes, host, code), (*code = cl_code, NULL))
WRAP(DRIVER, cl_program, clCreateProgramWithSource,
     (cl_context context, cl_uint count, const char **texts, const size_t *lengths,
      cl_int *code),
     (context, count, texts, lengths, code), (*code = cl_code, NULL))
WRAP(DRIVER, cl_kernel, clCreateKernel,
     (cl_program program, const char *name, cl_int *code), (program, name, code),
     (*code = cl_code, NULL))

static void arm(kind k, long n, cl_int code)
{
    armed = k;
    nth = n;
    counted = 0;
    failed = NULL;
    cl_code = code;
    if (k == MEMORY)
        host_arm(&(host_plan){HOST_MEMORY, n, true, ENOMEM});
}

static bool has_failed(void)
{
    return armed == MEMORY ? host_counted() >= nth : failed != NULL;
}

static void disarm(void)
{
    host_arm(NULL);
    armed = KINDS;
}

/* ---- What is done -------------------------------------------------------------------- */

static tsr_status list_all(void)
{
    tsr_device_list *all = NULL;
    tsr_status status = tsr_device_list_create(&all);
    size_t index;

    if (!status) {
        status = tsr_device_list_find(all, "Good", &index);
        tsr_device_list_destroy(all);
    }
    return status == TSR_ERROR_NO_MATCH ? TSR_ERROR_NO_DEVICE : status;
}

static tsr_status open_good(void)
{
    tsr_device *device;
    tsr_status status = tsr_device_open("Good", &device);

    tsr_device_close(device);
    return status == TSR_ERROR_NO_MATCH ? TSR_ERROR_NO_DEVICE : status;
}

/* ---- A child for each fault ------------------------------------------------------------ */

/* What is wrong after one fault; "" if nothing is. */
static void judge(tsr_status status, tsr_status (*again)(void), const char *vendors,
                  char *wrong, size_t size)
{
    const bool expected = status == TSR_OK || status == TSR_ERROR_NO_DEVICE ||
                          armed == DRIVER || status == TSR_ERROR_HOST_MEMORY;
    const char *detail = tsr_error_detail();

    wrong[0] = '\0';
    if (!expected)
        snprintf(wrong, size, "it ended with %s: %s", tsr_status_name(status), detail);
    else if (status && !detail[0])
        snprintf(wrong, size, "it says nothing");
    else if (armed == DRIVER && status && failed && !strstr(detail, failed) &&
             !strstr(detail, "did not build"))
        snprintf(wrong, size, "\"%s\" does not name %s", detail, failed);
    disarm();
    if (status && strstr(detail, "it is unset now"))
        setenv("OCL_ICD_VENDORS", vendors, 1); /* said, and the caller's to mend */
    if (!wrong[0] && (status = again()))
        snprintf(wrong, size, "the next fails with %s: %s", tsr_status_name(status),
                 tsr_error_detail());
    if (!wrong[0] && strcmp(getenv("OCL_ICD_VENDORS"), vendors) != 0)
        snprintf(wrong, size, "OCL_ICD_VENDORS is %s", getenv("OCL_ICD_VENDORS"));
}

/* Whether the n-th call was there to fail. */
static bool run_one(tsr_status (*run)(void), kind k, long n, cl_int code)
{
    char wrong[4096];
    int ends[2], status;
    ssize_t length;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char vendors[256];
        bool any;

        snprintf(vendors, sizeof vendors, "%s", getenv("OCL_ICD_VENDORS"));
        arm(k, n, code);
        status = (int)run();
        any = has_failed();
        judge((tsr_status)status, run, vendors, wrong, sizeof wrong);
        length = (ssize_t)strlen(wrong);
        _exit(write(ends[1], wrong, (size_t)length) != length ? 2 : any ? 1 : 0);
    }
    close(ends[1]);
    length = read(ends[0], wrong, sizeof wrong - 1);
    wrong[length > 0 ? length : 0] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (length != 0 || !WIFEXITED(status) || WEXITSTATUS(status) > 1)
        fail_msg("call %ld of kind %d: ended with %#x: %s", n, (int)k, (unsigned)status,
                 wrong);
    return WEXITSTATUS(status) == 1;
}

static int entries_of(const char *folder)
{
    DIR *stream = opendir(folder);
    int count = 0;

    assert_non_null(stream);
    while (readdir(stream))
        count++;
    closedir(stream);
    return count - 2;
}

/* Every call of each kind fails once, or each `step`-th. */
static void walk(const char *const *libraries, const char *description, long step,
                 tsr_status (*run)(void))
{
    static const cl_int codes[] = {CL_OUT_OF_RESOURCES, CL_BUILD_PROGRAM_FAILURE};
    char folder[] = "/tmp/faults-XXXXXX";
    vendor_folder vendors;

    assert_non_null(__real_mkdtemp(folder));
    setenv("TMPDIR", folder, 1);
    setenv("FAKE_ICD", description, 1);
    open_vendors(&vendors, libraries);
    for (int k = 0; k < KINDS; k++)
        for (int c = 0; c < (k == DRIVER ? 2 : 1); c++) {
            long n = 1;

            while (run_one(run, (kind)k, n, codes[c]))
                n += step;
            /* Who lists may leave the rest to children. */
            if (n == 1 && (k == MEMORY || run == open_good))
                fail_msg("no call of kind %d was there to fail", k);
        }
    close_vendors(&vendors);
    unsetenv("TMPDIR");
    assert_int_equal(entries_of(folder), 0);
    assert_int_equal(rmdir(folder), 0);
}

static const char *const one[] = {"fake_described.so", NULL};
static const char *const crashing[] = {"fake_abort.so", "fake_described.so", NULL};
static const char *const at_odds[] = {"fake_jealous.so", "fake_described.so",
                                      "libpocl.so.2", NULL};

static void a_device_is_opened_whatever_fails(void **state)
{
    (void)state;
    walk(one, "platform name=Empty; platform name=Good; gpu", 1, open_good);
}

static void a_compiler_that_fails_is_told_whatever_else_fails(void **state)
{
    (void)state;
    walk(one, "platform name=Good; gpu build=fails; cpu", 1, open_good);
}

static void without_a_helper_all_fails_in_this_process(void **state)
{
    (void)state;
    without_helper = true;
    walk(one, "platform name=Empty; platform name=Good; gpu", 1, open_good);
    walk(one, "platform name=Good; gpu build=fails; cpu", 1, open_good);
    without_helper = false;
}

static void devices_are_listed_whatever_fails(void **state)
{
    (void)state;
    walk(one, "platform name=Empty; platform name=Good; gpu", 1, list_all);
}

static void a_driver_that_crashes_is_left_out_whatever_fails(void **state)
{
    (void)state;
    walk(crashing, "platform name=Good; gpu", 1, open_good);
}

static void drivers_at_odds_are_told_apart_whatever_fails(void **state)
{
    (void)state;
    walk(at_odds, "platform name=Good; gpu", 4, list_all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_is_opened_whatever_fails),
        cmocka_unit_test(a_compiler_that_fails_is_told_whatever_else_fails),
        cmocka_unit_test(without_a_helper_all_fails_in_this_process),
        cmocka_unit_test(devices_are_listed_whatever_fails),
        cmocka_unit_test(a_driver_that_crashes_is_left_out_whatever_fails),
        cmocka_unit_test(drivers_at_odds_are_told_apart_whatever_fails),
    };

    setenv("TESSERA_CACHE_DIR", "off", 1); /* what passed once is not believed */
    unsetenv("TESSERA_DEVICE");
    disarm();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
