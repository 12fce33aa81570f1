/* httpd/module.h -- the module record, which httpd's macros and per-request storage ask for. */
#ifndef CS_HTTPD_MODULE_H
#define CS_HTTPD_MODULE_H

#include <httpd.h>
#include <http_config.h>

extern module AP_MODULE_DECLARE_DATA chatsession_module;

#endif
