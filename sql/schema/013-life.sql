-- The life of a session, complete: where it begins, what its end takes along, who was there before a change.

ALTER TABLE chat_session ADD status_before smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN chat_session.status_before IS 'the status that the last change of the row found';

-- Every change counts, and whoever makes it: a session that becomes an agent's takes a rank, one that is no talk any more
-- loses it and what is offered; one that ends, who types.  What the change itself says stands.  The row is locked before a
-- trigger runs.
CREATE OR REPLACE FUNCTION chat_session_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.changed_at := now();
    NEW.status_before := OLD.status;
    IF NEW.status <> OLD.status OR NEW.user_id <> OLD.user_id THEN
        IF NEW.rank <> OLD.rank THEN
            NULL;
        ELSIF NEW.status NOT IN (5, 6) THEN
            NEW.rank := 0;
        ELSIF NEW.user_id > 0 AND (OLD.status NOT IN (5, 6) OR NEW.user_id <> OLD.user_id) THEN
            NEW.rank := chatsession.free_rank(NEW.user_id, NEW.id);
        END IF;
    END IF;
    IF NEW.status <> OLD.status AND NEW.status NOT IN (5, 6) THEN
        IF NEW.transfer_to = OLD.transfer_to THEN
            NEW.transfer_to := NULL;
        END IF;
        IF NEW.status >= 7 AND NEW.flags = OLD.flags THEN
            NEW.flags := 0;
        END IF;
    END IF;
    RETURN NEW;
END
$$;

-- When a saved session ended: now when it does, never when it goes on again, unless the save says another time than was
-- stored.  A save of all that was read says nothing.
DROP FUNCTION ended_at(smallint, integer, timestamp, timestamp);
CREATE FUNCTION ended_at(before smallint, after integer, stored timestamp, said timestamp, clock timestamp)
RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN before <> after AND after IN (7, 9, 10, 11)
                     AND (said IS NULL OR said = stored AND before NOT IN (7, 9, 10, 11)) THEN clock
                WHEN before IN (7, 9, 10, 11) AND after NOT IN (7, 8, 9, 10, 11) AND said = stored THEN NULL
                ELSE said END
$$;

-- What a saved status tells in the talk, as a message's special type: that its agent ended it, where its last message does
-- not say who did, or that it was marked for removal.  NULL: nothing.
CREATE FUNCTION told_by(session integer, before smallint, after smallint) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN before = after THEN NULL
                WHEN after = 8 THEN 8
                WHEN after = 7 AND before IN (5, 6)
                     AND coalesce((SELECT special_type FROM chat_message WHERE session_id = session
                                    ORDER BY id DESC LIMIT 1), 0) NOT IN (10, 11, 12) THEN 10 END
$$;

-- One more than wait in the topic beside this session (0: a new one).  Sessions that come to one topic at the same time
-- wait here for each other, so that no two find the same.  Nobody who holds a session's row may wait here: he comes first.
DROP FUNCTION queue_position(integer);
CREATE FUNCTION queue_position(topic integer, session integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('chatsession queue'), topic);
    RETURN (SELECT count(*) + 1 FROM chatsession.chat_session WHERE topic_id = topic AND status = 4 AND id <> session);
END
$$;

-- What a session of a topic begins with where its creator says nothing else; no row for a topic that does not exist: there
-- no talk begins, the session is stored as it is.
CREATE FUNCTION beginning(topic integer, customer integer, said integer)
RETURNS TABLE (status smallint, bot boolean) LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN said <> 0 THEN said ELSE status_at_start(t, customer, true) END::smallint, t.bot_enabled AND said = 0
      FROM chat_topic AS t WHERE t.id = topic
$$;
