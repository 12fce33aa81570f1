-- What a saved status tells in the talk, as it was (013), but with a snapshot of its own: who holds the session's row sees
-- all that was said, also while he waited for it.
CREATE OR REPLACE FUNCTION told_by(session integer, before smallint, after smallint) RETURNS integer
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN CASE WHEN after = before THEN NULL
                WHEN after = 8 THEN 8
                WHEN after = 7 AND before IN (5, 6)
                     AND coalesce((SELECT special_type FROM chatsession.chat_message WHERE session_id = session
                                    ORDER BY id DESC LIMIT 1), 0) NOT IN (10, 11, 12) THEN 10 END;
END
$$;
