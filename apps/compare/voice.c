#include "voice.h"

#include <stdarg.h>

#include "text.h"

void say(const voice *v, const char *format, ...)
{
    char sentence[4096];
    va_list args;

    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    v->set(v->file, sentence);
}

static void set_item(FILE *file, const char *sentence)
{
    text_say(file, "- ", "%s", sentence);
}

voice voice_list(FILE *file)
{
    return (voice){.file = file, .set = set_item};
}
