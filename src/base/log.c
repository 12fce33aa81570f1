#include "base/log.h"

#include <apr_strings.h>
#include <stdarg.h>

void cs_log(const cs_log_t *log, cs_level_t level, int number, const char *format, ...)
{
    char line[CS_LOG_LINE_MAX];
    int prefix = 0;
    va_list args;

    if (!log || !log->wants(log, level)) {
        return;
    }
    if (number) {
        prefix = apr_snprintf(line, sizeof(line), "CS%04d: ", number);
    }
    va_start(args, format);
    apr_vsnprintf(line + prefix, sizeof(line) - (apr_size_t)prefix, format, args);
    va_end(args);
    log->write(log, level, line);
}
