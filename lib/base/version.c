#include <tessera/version.h>

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)

const char *tsr_version(void)
{
    return TEXT(TSR_VERSION_MAJOR) "." TEXT(TSR_VERSION_MINOR) "." TEXT(
        TSR_VERSION_PATCH);
}

const char *tsr_clblast_version(void)
{
    return TSR__CLBLAST_VERSION;
}
