-- Who may do what with a session, and what its life asks of the tables.

-- The caller, and whether everything is his to do.
DROP FUNCTION caller(text);
CREATE FUNCTION caller(login text) RETURNS TABLE (associate_id integer, is_admin boolean) LANGUAGE sql STABLE AS $$
    SELECT min(a.associate_id), bool_or(a.is_admin) FROM associate a WHERE lower(a.name) = lower(login) AND NOT a.deleted
    HAVING count(*) = 1
$$;

-- What the caller is to a session with that agent and offer, as bits (model/access.h says which operation takes which):
-- 1 administrator, 2 manager of the topic, 4 the session's agent, 8 may respond to one that nobody has, 16 may respond
-- in the topic, 32 has another role in it, 64 is offered the session.  0: to him it does not exist.  Who has no role in
-- the topic is nothing to its sessions, and a topic that does not exist has administrators alone.
CREATE FUNCTION roles_as(associate integer, admin boolean, agent integer, offered integer, member chat_topic_user)
RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN admin THEN 1 ELSE 0 END
         | CASE WHEN (member).manager OR (member).can_respond OR (member).can_listen OR (member).notifications
                THEN CASE WHEN (member).manager THEN 2 ELSE 0 END
                   | CASE WHEN NOT (member).can_respond THEN 0 WHEN agent > 0 THEN 16 ELSE 24 END
                   | CASE WHEN (member).can_listen OR (member).notifications THEN 32 ELSE 0 END
                   | CASE WHEN associate = agent THEN 4 ELSE 0 END
                   | CASE WHEN associate = offered THEN 64 ELSE 0 END
                ELSE 0 END
$$;
CREATE FUNCTION roles_on(associate integer, admin boolean, topic integer, agent integer, offered integer)
RETURNS TABLE (roles integer) LANGUAGE sql STABLE AS $$
    SELECT roles_as(associate, admin, agent, offered, member)
      FROM (VALUES (1)) AS always
      LEFT JOIN chat_topic_user AS member ON member.topic_id = topic AND member.user_id = associate
$$;

-- The same for a stored session; no row when there is none of that id.
CREATE FUNCTION roles_on_session(associate integer, admin boolean, session integer)
RETURNS TABLE (roles integer) LANGUAGE sql STABLE AS $$
    SELECT access.roles FROM chat_session AS held,
           roles_on(associate, admin, held.topic_id, held.user_id, held.transfer_to) AS access
     WHERE held.id = session
$$;

-- The same for a session that is to be saved with a topic: without a role among `creators` in a new one, he may but read.
CREATE FUNCTION roles_to_save(associate integer, admin boolean, topic integer, agent integer, offered integer,
                              new_topic integer, creators integer)
RETURNS TABLE (roles integer) LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN topic = new_topic OR there.roles & creators <> 0 OR here.roles = 0 THEN here.roles ELSE 32 END
      FROM roles_on(associate, admin, topic, agent, offered) AS here,
           roles_on(associate, admin, new_topic, -1, NULL) AS there
$$;

-- What a save makes of times that it does not give: ending ends now, leaving the queue for a talk starts it.
CREATE FUNCTION ended_at(before smallint, after integer, said timestamp, clock timestamp) RETURNS timestamp
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN said IS NULL AND before <> after AND after IN (7, 9, 10, 11) THEN clock ELSE said END
$$;
CREATE FUNCTION started_at(before smallint, after integer, said timestamp, clock timestamp) RETURNS timestamp
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN said IS NULL AND before = 4 AND after IN (5, 6) THEN clock ELSE said END
$$;

-- The lowest number from 1 that no other active session of this agent has.  One agent's sessions wait here for each
-- other; the caller holds the session's row already, so that no two can wait in a circle.
CREATE FUNCTION free_rank(agent integer, session integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('chatsession rank'), agent);
    RETURN (SELECT min(number)
              FROM generate_series(1, 1 + (SELECT count(*) FROM chat_session
                                            WHERE user_id = agent AND status IN (5, 6) AND id <> session)::integer) AS number
             WHERE NOT EXISTS (SELECT FROM chat_session
                                WHERE user_id = agent AND status IN (5, 6) AND id <> session AND rank = number));
END
$$;

-- Every change counts, and whoever makes it: a session that becomes an agent's takes a rank, one that ends loses it,
-- unless the change says otherwise.  The row is locked before a trigger runs.
CREATE OR REPLACE FUNCTION chat_session_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.changed_at := now();
    IF NEW.rank = OLD.rank AND (NEW.status <> OLD.status OR NEW.user_id <> OLD.user_id) THEN
        IF NEW.status NOT IN (5, 6) THEN
            NEW.rank := 0;
        ELSIF NEW.user_id > 0 AND (OLD.status NOT IN (5, 6) OR NEW.user_id <> OLD.user_id) THEN
            NEW.rank := free_rank(NEW.user_id, NEW.id);
        END IF;
    END IF;
    RETURN NEW;
END
$$;

-- The topic's welcome, '' for none; how an agent signs; the average of waits, in which the last counts a tenth.
CREATE FUNCTION welcome_of(topic integer) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT welcome_message FROM chat_topic WHERE id = topic), '')
$$;
CREATE FUNCTION author_of(agent integer) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT left(coalesce((SELECT coalesce(nullif(full_name, ''), name) FROM associate WHERE associate_id = agent), ''), 255)
$$;
CREATE FUNCTION average_wait(before integer, requested timestamp, accepted timestamp) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN requested IS NULL THEN before
                WHEN before = 0 THEN seconds ELSE (9 * before::bigint + seconds) / 10 END::integer
      FROM (SELECT least(greatest(extract(epoch FROM accepted - requested), 0), 2147483647)::bigint) AS wait (seconds)
$$;

-- Where a session is that starts over: at the form before the talk, which an unknown customer fills in, at the one for
-- when nobody responds, or in the queue.
CREATE FUNCTION status_from_start(topic integer, customer integer) RETURNS smallint LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT CASE WHEN t.widget_pre_form AND customer <= 0 THEN 1
                                 WHEN EXISTS (SELECT FROM chat_topic_user
                                               WHERE topic_id = t.id AND can_respond) THEN 4
                                 ELSE 3 END
                       FROM chat_topic AS t WHERE t.id = topic), 4)::smallint
$$;

CREATE INDEX chat_session_waiting ON chat_session (when_requested, id) WHERE status = 4;
