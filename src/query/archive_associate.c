/* query/archive_associate.c -- the columns of a user, and of the person that he is. */
#include "query/archive.h"

#include <stddef.h>

const cs_archive_column_t cs_associate_columns[] = {
    CS_LISTED("firstName", STRING, CS_SORTED, TEXT, "#.firstname"),
    CS_LISTED("lastName", STRING, CS_SORTED, TEXT, "#.lastname"),
    CS_LISTED("middleName", STRING, CS_SORTED, TEXT, "#.middlename"),
    CS_LISTED("fullName", STRING, CS_SORTED, TEXT, "@.full_name"),
    CS_LISTED("contactId", INT, CS_UNSORTED, INT, "#.contact_id"),
    CS_LISTED("personId", INT, CS_UNSORTED, INT, "@.person_id"),
    CS_LISTED("mrMrs", STRING, CS_SORTED, TEXT, "#.mrmrs"),
    CS_LISTED("title", STRING, CS_SORTED, TEXT, "#.title"),
    CS_LISTED("associateDbId", ASSOCIATE, CS_SORTED, INT, "@.associate_id"),
    CS_LISTED("contactName", STRING, CS_SORTED, TEXT, "#.contact_name"),
    CS_LISTED("contactDepartment", STRING, CS_SORTED, TEXT, "#.contact_department"),
    CS_LISTED("usergroupId", INT, CS_SORTED, INT, "@.group_idx"),
    CS_LISTED("contactFullName", STRING, CS_SORTED, TEXT, "#.contact_full_name"),
    CS_LISTED("contactCategory", LIST, CS_SORTED, TEXT,
              "(SELECT owner.category_name FROM contact AS owner WHERE owner.contact_id = #.contact_id)"),
    CS_LISTED("assocName", ASSOCIATE, CS_SORTED, INT, "@.associate_id", .shown = "coalesce(@.name, '')"),
    CS_LISTED("assocTooltip", STRING, CS_UNSORTED, TEXT, "@.tooltip"),
    CS_LISTED("assocType", LIST, CS_SORTED, INT, "@.type", .words = &cs_user_type),
    CS_LISTED("ejUserId", INT, CS_UNSORTED, INT, "@.ejuserid"),
    CS_LISTED("isActive", BOOL, CS_SORTED, BOOL, "NOT @.deleted"),
    CS_LISTED("isActiveText", BOOL, CS_SORTED, BOOL, "NOT @.deleted",
              .shown = "CASE WHEN @.deleted THEN 'No' WHEN NOT @.deleted THEN 'Yes' ELSE '' END"),
    CS_LISTED("userName", STRING, CS_SORTED, TEXT, "@.username"),
    CS_LISTED("personEmail", STRING, CS_SORTED, TEXT, "#.email"),
    {.name = NULL},
};
