/* httpd/door.h -- the handler: a request on its way through the rooms. */
#ifndef CS_HTTPD_DOOR_H
#define CS_HTTPD_DOOR_H

#include <httpd.h>

int cs_door_handler(request_rec *r);

/* access_checker_ex: what may be asked without a user. */
int cs_door_is_open(request_rec *r);

#endif
