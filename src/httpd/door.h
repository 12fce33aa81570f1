/* httpd/door.h -- the handler: a request on its way through the rooms. */
#ifndef CS_HTTPD_DOOR_H
#define CS_HTTPD_DOOR_H

#include <httpd.h>

int cs_door_handler(request_rec *r);

#endif
