#include "base/trace.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const topic_names[TSR__TRACE_TOPICS] = {"router", "build", "cache",
                                                           "memory", "device"};
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool enabled[TSR__TRACE_TOPICS];

static void enable(const char *word, size_t length)
{
    bool known = length == 0;

    for (int topic = 0; topic < TSR__TRACE_TOPICS; topic++) {
        const char *name = topic_names[topic];
        bool named = strlen(name) == length && strncmp(name, word, length) == 0;
        bool all = length == 3 && strncmp("all", word, 3) == 0;

        if (named || all)
            known = enabled[topic] = true;
    }
    if (!known)
        fprintf(
            stderr,
            "tessera: TESSERA_TRACE names \"%.*s\", which is none of router, build, "
            "cache, memory, device and all\n",
            length < 64 ? (int)length : 64, word);
}

static void read_environment(void)
{
    const char *word = getenv("TESSERA_TRACE");

    while (word && *word) {
        size_t length = strcspn(word, ",");

        enable(word, length);
        word += length + (word[length] == ',');
    }
}

bool tsr__trace_on(tsr__topic topic)
{
    pthread_once(&once, read_environment);
    return enabled[topic];
}

void tsr__trace(tsr__topic topic, const char *format, ...)
{
    char text[1024];
    va_list args;

    if (!tsr__trace_on(topic))
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(stderr, "tessera %s: %s\n", topic_names[topic], text);
}
