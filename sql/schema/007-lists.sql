-- What lists of chat sessions are filtered and sorted by.
--
-- Each index ends in the key, which every order ends in: a page is one range of an index wherever it begins.  A time
-- that is not set is the first of all, as the statements of the list have it (src/query/archive_session.c).
-- Texts have no index here: an administrator who has the extension pg_trgm may add
--     CREATE INDEX ON chatsession.chat_session USING gin (lower(first_message) public.gin_trgm_ops);

CREATE INDEX chat_session_by_status ON chat_session (status, id);
CREATE INDEX chat_session_by_topic ON chat_session (topic_id, id);
CREATE INDEX chat_session_by_user ON chat_session (user_id, id);
CREATE INDEX chat_session_by_customer ON chat_session (customer_id, id);
CREATE INDEX chat_session_by_contact ON chat_session ((coalesce(contact_id, 0)), id);
CREATE INDEX chat_session_by_requested ON chat_session ((coalesce(when_requested, '-infinity')), id);
CREATE INDEX chat_session_by_started ON chat_session ((coalesce(when_started, '-infinity')), id);
CREATE INDEX chat_session_by_ended ON chat_session ((coalesce(when_ended, '-infinity')), id);
DROP INDEX chat_session_topic, chat_session_customer;
