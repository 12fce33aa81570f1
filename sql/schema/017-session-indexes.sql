-- 015 has better ones; lists have those of 007.
DROP INDEX chat_session_user, chat_session_queue, chat_session_fetch;
