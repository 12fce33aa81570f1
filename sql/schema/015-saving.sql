-- What every save of a session costs, made less; what it does is as it was.  Indexes are built by reading chat_session
-- once each, a second or so for a million sessions, while nobody can save; nothing is written anew.  017 drops those in
-- whose place they stand: reads wait for that, so it is a change of its own.

-- Each page keeps room for later versions of its rows, beside them, where no index needs to know of them.  For pages that
-- are filled from now on.
ALTER TABLE chat_session SET (fillfactor = 90);

-- Whom only going sessions are asked for by: what has ended is in none of these.
CREATE INDEX chat_session_talks ON chat_session (user_id) WHERE status IN (5, 6);
CREATE INDEX chat_session_going ON chat_session (topic_id, status, id) WHERE status < 7::smallint;
CREATE INDEX chat_session_fetched ON chat_session (customer_fetch) WHERE status IN (1, 2, 3, 4) AND customer_fetch IS NOT NULL;

-- As it was (008), in a form that takes one node in a plan.
CREATE OR REPLACE FUNCTION roles_on(associate integer, admin boolean, topic integer, agent integer, offered integer)
RETURNS TABLE (roles integer) LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT roles_as(associate, admin, agent, offered, member) FROM chat_topic_user AS member
                      WHERE member.topic_id = topic AND member.user_id = associate),
                    CASE WHEN admin THEN 1 ELSE 0 END)
$$;

-- For who could not save: who he is, and roles_to_save() on the session.  What is rare is a function that keeps its plan,
-- so that the statement that saves does not set it up each time.
CREATE FUNCTION caller_id(login text) RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT caller.associate_id FROM caller(login));
END
$$;
CREATE FUNCTION roles_refused(login text, session integer, new_topic integer, creators integer) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT may.roles FROM caller(login), chat_session AS before,
                   roles_to_save(caller.associate_id, caller.is_admin, before.topic_id, before.user_id,
                                 before.transfer_to, new_topic, creators) AS may
             WHERE before.id = session);
END
$$;

-- As it was (012).  What webhooks are told is a statement of its own, for which there is mostly no need.
CREATE OR REPLACE FUNCTION chat_session_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told_id bigint;
    told_number integer;
    is_told boolean;
    what text := CASE WHEN TG_OP = 'INSERT' THEN 'chatsession.created'
                      WHEN TG_OP = 'DELETE' THEN 'chatsession.deleted'
                      WHEN OLD.status <> NEW.status THEN 'chatsession.changed'
                      WHEN OLD.user_id <> NEW.user_id OR OLD.transfer_to IS DISTINCT FROM NEW.transfer_to
                      THEN 'chatsession.transfer'
                      WHEN OLD.alert_level <> NEW.alert_level THEN 'chatsession.alert'
                      WHEN OLD.rank <> NEW.rank OR OLD.topic_id <> NEW.topic_id OR OLD.customer_id <> NEW.customer_id
                        OR OLD.customer_alias <> NEW.customer_alias
                        OR OLD.when_requested IS DISTINCT FROM NEW.when_requested
                        OR OLD.when_started IS DISTINCT FROM NEW.when_started
                        OR OLD.when_ended IS DISTINCT FROM NEW.when_ended OR OLD.session_key <> NEW.session_key
                        OR OLD.initial_queue_pos <> NEW.initial_queue_pos OR OLD.customer_host <> NEW.customer_host
                        OR OLD.name <> NEW.name OR OLD.company_name <> NEW.company_name OR OLD.email <> NEW.email
                        OR OLD.phone <> NEW.phone OR OLD.project_id IS DISTINCT FROM NEW.project_id
                        OR OLD.sale_id IS DISTINCT FROM NEW.sale_id OR OLD.ticket_id IS DISTINCT FROM NEW.ticket_id
                        OR OLD.contact_id IS DISTINCT FROM NEW.contact_id OR OLD.consented <> NEW.consented
                        OR OLD.chatbot_isactive <> NEW.chatbot_isactive OR OLD.country IS DISTINCT FROM NEW.country
                        OR OLD.rating <> NEW.rating
                        OR ((OLD.first_message <> NEW.first_message OR OLD.last_message <> NEW.last_message)
                            AND OLD.idle IS NOT DISTINCT FROM NEW.idle)
                      THEN 'chatsession.updated' END;
BEGIN
    IF what IS NULL THEN
        RETURN NULL;
    ELSIF TG_OP = 'DELETE' THEN
        NEW := OLD;
    END IF;
    INSERT INTO chatsession.event (entity, entity_id, number, name, associate_id, topic_id, user_id, user_before,
                                   status, status_before, alert_level, rating, customer_id, contact_id, project_id,
                                   sale_id, ticket_id, customer_alias, consented, chatbot_isactive)
    VALUES (1, NEW.id,
            coalesce((SELECT number FROM chatsession.event WHERE entity = 1 AND entity_id = NEW.id
                       ORDER BY number DESC LIMIT 1),
                     (SELECT last FROM chatsession.event_series WHERE entity = 1 AND entity_id = NEW.id), 0) + 1,
            what, coalesce(nullif(current_setting('chatsession.associate', true), ''), '0')::integer, NEW.topic_id,
            NEW.user_id, OLD.user_id, NEW.status, OLD.status, NEW.alert_level, NEW.rating, NEW.customer_id,
            NEW.contact_id, NEW.project_id, NEW.sale_id, NEW.ticket_id, NEW.customer_alias, NEW.consented,
            NEW.chatbot_isactive)
    RETURNING id, number, EXISTS (SELECT FROM chatsession.webhook WHERE state = 1 AND what = ANY (events))
         INTO told_id, told_number, is_told;
    IF is_told THEN
        INSERT INTO chatsession.webhook_delivery (webhook_id, event_id, entity, entity_id, number)
        SELECT hook.id, told_id, 1, NEW.id, told_number
          FROM chatsession.webhook AS hook WHERE hook.state = 1 AND what = ANY (hook.events);
    END IF;
    RETURN NULL;
END
$$;
