-- Sessions that are created by one statement for several requests take their ids before they are inserted, as the column's
-- default would: who may insert them may take ids (grants.sql).
COMMENT ON SEQUENCE chat_session_id_seq IS 'taken from by whoever may insert into chat_session';
