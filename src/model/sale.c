/* model/sale.c -- the sale that a session is connected to. */
#include "model/entity.h"

#include <stddef.h>

static const cs_word_t status_words[] = {
    {0, "Unknown"}, {1, "Open"}, {2, "Sold"}, {3, "Lost"}, {4, "Stalled"}, {1000, "SaintAll"}, {0, NULL},
};
static const cs_enum_t status = {"SaleStatus", status_words, NULL};

/* The column says whether the sale is done; the API shows an activity's progress.  -1 stands for no sale. */
static const cs_word_t done_words[] = {{-1, "Unknown"}, {2, "Completed"}, {0, NULL}};
static const cs_enum_t completed = {"ActivityStatus", done_words, "Started"};

static const cs_field_t fields[] = {
    CS_FIELD("ContactName", "contact_name", STRING, 0, .max = 219),
    CS_FIELD("SaleDate", "saledate", TIME, 0),
    CS_FIELD("SaleId", "sale_id", INT, CS_F_KEY),
    CS_FIELD("Probability", "probability", SHORT, 0),
    CS_FIELD("Title", "heading", STRING, 0, .max = 219),
    CS_FIELD("Amount", "amount", REAL, 0),
    CS_FIELD("Currency", "currency_name", STRING, 0, .max = 239),
    CS_FIELD("ProjectName", "project_name", STRING, 0, .max = 219),
    CS_FIELD("AssociateFullName", "associate_full_name", STRING, CS_F_COMPUTED),
    CS_FIELD("Description", "description", STRING, 0, .max = 4000),
    CS_FIELD("Status", "status", ENUM, 0, .words = &status),
    CS_FIELD("WeightedAmount", "weighted_amount", REAL, CS_F_COMPUTED),
    CS_FIELD("ProjectId", "project_id", INT, 0),
    CS_FIELD("EarningPercent", "earning_percent", REAL, 0),
    CS_FIELD("Earning", "earning", REAL, 0),
    CS_FIELD("ContactId", "contact_id", INT, 0),
    CS_FIELD("AssociateId", "associate_id", INT, 0),
    CS_FIELD("PersonId", "person_id", INT, 0),
    CS_FIELD("SaleTypeId", "saletype_id", INT, 0),
    CS_FIELD("SaleTypeName", "saletype_name", STRING, 0, .max = 239),
    CS_FIELD("PersonFullName", "person_full_name", STRING, CS_F_COMPUTED),
    CS_FIELD("Completed", "done", ENUM, 0, .words = &completed, .unset = -1),
    CS_FIELD("ActiveErpLinks", "activeerplinks", INT, 0),
    CS_FIELD("NextDueDate", "nextduedate", TIME, 0),
    CS_FIELD("Number", "number1", STRING, 0, .max = 49),
    CS_TAIL,
};

const cs_entity_t cs_sale_entity = {
    .name = "Sale", .label = "Sale", .table = "sale", .carrier = CS_CARRIER_SALE, CS_ENTITY(fields)};
