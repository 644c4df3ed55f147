#include "fake_describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *mode, *description;
} modes[] = {
    {"good", "gpu"},
    {"abort", "crash"},
    {"hang", "hang"},
    {"empty", ""},
    {"nocompiler", "gpu compiler=0"},
    {"wrong", "gpu product=wrong"},
    {"mixed", "gpu; gpu build=abort; gpu"},
    {"jealous", "jealous; gpu"},
    {"nvidia", "gpu vendor=nvidia"},
    {"amd", "gpu vendor=amd"},
    {"intel", "gpu vendor=intel"},
    {"khronos", "gpu vendor=khronos"},
    {"foreign", "gpu vendor=foreign"},
};

static void unknown(const char *word)
{
    fprintf(stderr, "fake_icd: what is \"%s\"?\n", word);
    abort();
}

static void copy_name(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from);
    for (; *to; to++)
        if (*to == '_')
            *to = ' ';
}

/* ---- Platforms and devices -------------------------------------------------------- */

static cl_platform_id add_platform(fake *f, const cl_icd_dispatch *dispatch,
                                   const char *name)
{
    cl_platform_id p = &f->platforms[f->num_platforms];

    if (f->num_platforms++ == MOST_PLATFORMS)
        unknown("one platform more");
    p->dispatch = dispatch;
    p->first = f->num_devices;
    copy_name(p->name, sizeof p->name, name);
    return p;
}

static cl_device_id add_device(fake *f, const char *type, cl_device_type bits)
{
    cl_platform_id platform = &f->platforms[f->num_platforms - 1];
    cl_device_id d = &f->devices[f->num_devices];

    if (f->num_devices++ == MOST_DEVICES)
        unknown("one device more");
    *d = (struct _cl_device_id){.dispatch = platform->dispatch,
                                .platform = platform,
                                .type = bits,
                                .units = 64,
                                .clock = 64,
                                .memory = (cl_ulong)1 << 30,
                                .local = (cl_ulong)1 << 30,
                                .group = 256,
                                .compiler = CL_TRUE};
    snprintf(d->name, sizeof d->name, "Fake %s %u", type, ++platform->count);
    return d;
}

static void set_build(cl_device_id d, const char *value)
{
    static const char *const names[] = {"well", "abort", "hang", "fails"};

    for (int i = 0; i < 4; i++)
        if (strcmp(value, names[i]) == 0) {
            d->build = (fake_build)i;
            return;
        }
    unknown(value);
}

static void set_fact(cl_device_id d, const char *fact, const char *value)
{
    const unsigned number = (unsigned)strtoul(value, NULL, 10);

    if (strcmp(fact, "name") == 0)
        copy_name(d->name, sizeof d->name, value);
    else if (strcmp(fact, "vendor") == 0)
        snprintf(d->vendor, sizeof d->vendor, "%s", value);
    else if (strcmp(fact, "units") == 0)
        d->units = number;
    else if (strcmp(fact, "clock") == 0)
        d->clock = number;
    else if (strcmp(fact, "memory") == 0)
        d->memory = (cl_ulong)number << 20;
    else if (strcmp(fact, "local") == 0)
        d->local = (cl_ulong)number << 10;
    else if (strcmp(fact, "group") == 0)
        d->group = number;
    else if (strcmp(fact, "unified") == 0)
        d->unified = number;
    else if (strcmp(fact, "fp64") == 0)
        d->fp64 = number;
    else if (strcmp(fact, "compiler") == 0)
        d->compiler = number;
    else if (strcmp(fact, "product") == 0)
        d->wrong = strcmp(value, "wrong") == 0;
    else if (strcmp(fact, "build") == 0)
        set_build(d, value);
    else if (strcmp(fact, "oom") == 0)
        d->oom = number;
    else if (strcmp(fact, "lost") == 0)
        d->lost = number;
    else
        unknown(fact);
}

/* ---- Words ------------------------------------------------------------------------ */

/* One piece, without the semicolon; it is cut up. */
static void read_piece(fake *f, const cl_icd_dispatch *dispatch, char *piece)
{
    static const struct {
        const char *word, *name;
        cl_device_type type;
    } types[] = {{"gpu", "GPU", CL_DEVICE_TYPE_GPU},
                 {"cpu", "CPU", CL_DEVICE_TYPE_CPU},
                 {"accelerator", "accelerator", CL_DEVICE_TYPE_ACCELERATOR}};
    char *rest, *word = strtok_r(piece, " ", &rest), *fact, *value;
    cl_device_id device = NULL;

    if (!word)
        return;
    f->crashes = f->crashes || strcmp(word, "crash") == 0;
    f->hangs = f->hangs || strcmp(word, "hang") == 0;
    f->jealous = f->jealous || strcmp(word, "jealous") == 0;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(word, types[i].word) == 0)
            device = add_device(f, types[i].name, types[i].type);
    while ((fact = strtok_r(NULL, " ", &rest))) {
        if (!(value = strchr(fact, '=')))
            unknown(fact);
        *value++ = '\0';
        if (device)
            set_fact(device, fact, value);
        else if (strcmp(word, "platform") == 0)
            add_platform(f, dispatch, value);
        else
            unknown(word);
    }
}

static const char *description_of(const char *mode)
{
    const char *description = getenv("FAKE_ICD");

    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (strcmp(modes[i].mode, mode) == 0)
            return modes[i].description;
    return description ? description : "";
}

void fake_describe(const char *mode, const cl_icd_dispatch *dispatch, fake *out)
{
    char *text = strdup(description_of(mode)), *rest, name[64];

    if (!text)
        abort();
    memset(out, 0, sizeof *out);
    snprintf(name, sizeof name, "Fake %s", mode);
    if (strncmp(text, "platform", 8) != 0)
        add_platform(out, dispatch, name);
    for (char *piece = strtok_r(text, ";", &rest); piece;
         piece = strtok_r(NULL, ";", &rest))
        read_piece(out, dispatch, piece);
    free(text);
}
