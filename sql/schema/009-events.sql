-- What happened: a row for each change worth telling, made by triggers in the change's own transaction, so that no writer
-- can forget one; and the webhooks that are told.
--
-- Events of one session, topic or agent are a series: numbered from 1, without gaps, in the order of their commits,
-- because who adds one holds the row that the series is of.  Between series there is no order; `id` is only a name.
--
-- Not told: when a session was idle or fetched, that somebody types, a topic's average of waits; and the copies that a
-- session has of its first and last message, when they change together with `idle`, as they do with a message, which
-- is told itself.  An update that leaves all else as it was makes no event.
--
-- Names of tables are whole: a writer may have any search_path.

CREATE TABLE event (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entity           smallint NOT NULL CHECK (entity IN (1, 2, 3)),
    entity_id        integer NOT NULL,
    number           integer NOT NULL,
    name             text NOT NULL,
    guid             uuid NOT NULL DEFAULT gen_random_uuid(),
    happened_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    associate_id     integer NOT NULL DEFAULT 0,
    message_id       integer,
    topic_id         integer,
    user_id          integer,
    user_before      integer,
    status           smallint,
    status_before    smallint,
    alert_level      integer,
    rating           integer,
    customer_id      integer,
    contact_id       integer,
    project_id       integer,
    sale_id          integer,
    ticket_id        integer,
    customer_alias   text,
    consented        boolean,
    chatbot_isactive boolean,
    present          boolean,
    UNIQUE (entity, entity_id, number)
);
COMMENT ON COLUMN event.entity IS '1 chat session, 2 topic, 3 presence of an agent';
COMMENT ON COLUMN event.entity_id IS 'chat_session.id, chat_topic.id, associate.associate_id';
COMMENT ON COLUMN event.associate_id IS 'who did it; 0: not known, or time itself';
COMMENT ON COLUMN event.topic_id IS 'this and what follows: as it was then';

-- How far a series had come whose last events were removed.
CREATE TABLE event_series (
    entity     smallint,
    entity_id  integer,
    last       integer NOT NULL,
    PRIMARY KEY (entity, entity_id)
);

CREATE FUNCTION event_names() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['chatsession.created', 'chatsession.changed', 'chatsession.message', 'chatsession.transfer',
                 'chatsession.alert', 'chatsession.updated', 'chatsession.deleted', 'chattopic.created',
                 'chattopic.changed', 'chattopic.agents', 'chattopic.deleted', 'presence.changed']
$$;

-- Who wants to be told.  due and failures are the sender's: after a failure nothing is sent before that instant.
CREATE TABLE webhook (
    id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text NOT NULL UNIQUE CHECK (name ~ '^[^[:cntrl:]]{1,255}$'),
    events        text[] NOT NULL CHECK (cardinality(events) > 0 AND events <@ event_names()),
    target_url    text NOT NULL CHECK (
                      target_url ~ '^https?://(\[[0-9A-Fa-f:.]+\]|[^][[:space:][:cntrl:]/?#@\\:]+)(:[0-9]{1,5})?([/?][^[:space:][:cntrl:]#\\]*)?$'
                      AND length(target_url) <= 2048),
    secret        text NOT NULL DEFAULT '',
    headers       text NOT NULL DEFAULT '' CHECK (
                      headers ~ '^([-!#$%&''*+.^_`|~0-9A-Za-z]+: [^[:cntrl:]]*(\n|$))*$'
                      AND headers !~* '(^|\n)(host|connection|content-[a-z]+|transfer-encoding|expect|te|trailer|upgrade|user-agent|x-superoffice-[^:]*|x-chatsession-[^:]*):'),
    state         smallint NOT NULL DEFAULT 1 CHECK (state IN (1, 2, 3)),
    failures      integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    due           timestamptz NOT NULL DEFAULT '-infinity'
);
COMMENT ON COLUMN webhook.state IS '1 active, 2 stopped, 3 too many errors';
COMMENT ON COLUMN webhook.headers IS 'further ones, a line each';

-- What each is told and how it went: pending until done_at.  Of one series a webhook is told in the order of its numbers.
CREATE TABLE webhook_delivery (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id integer NOT NULL,
    event_id   bigint NOT NULL,
    entity     smallint NOT NULL,
    entity_id  integer NOT NULL,
    number     integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    due        timestamptz NOT NULL DEFAULT now(),
    tries      integer NOT NULL DEFAULT 0,
    tried_at   timestamptz,
    took_ms    integer,
    status     integer,
    error      text,
    done_at    timestamptz
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, due, id) WHERE done_at IS NULL;
CREATE INDEX webhook_delivery_lane ON webhook_delivery (webhook_id, entity, entity_id, number, id) WHERE done_at IS NULL;
COMMENT ON COLUMN webhook_delivery.due IS 'not to be tried before; later where an earlier one of its series is pending';
COMMENT ON COLUMN webhook_delivery.status IS 'of the last answer; NULL: there was none';
COMMENT ON COLUMN webhook_delivery.error IS 'why the last try failed; with done_at: it was given up';

-- ---------------- who acts

-- The caller, for statements that change something: events name who did it.  The setting ends with the transaction.
CREATE FUNCTION acting(login text) RETURNS TABLE (associate_id integer, is_admin boolean) LANGUAGE sql STABLE AS $$
    SELECT who.associate_id, who.is_admin FROM caller(login) AS who
     WHERE set_config('chatsession.associate', who.associate_id::text, true) IS NOT NULL
$$;

-- ---------------- the triggers: one insert each

-- One statement makes the event and what webhooks are told of it.  Whoever changes a session holds its row, so nobody
-- else can take the number.
CREATE FUNCTION chat_session_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held chatsession.chat_session := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    what text := CASE WHEN TG_OP = 'INSERT' THEN 'chatsession.created'
                      WHEN TG_OP = 'DELETE' THEN 'chatsession.deleted'
                      WHEN OLD.status <> NEW.status THEN 'chatsession.changed'
                      WHEN OLD.user_id <> NEW.user_id OR OLD.transfer_to IS DISTINCT FROM NEW.transfer_to
                      THEN 'chatsession.transfer'
                      WHEN OLD.alert_level <> NEW.alert_level THEN 'chatsession.alert'
                      ELSE 'chatsession.updated' END;
BEGIN
    WITH told AS (
        INSERT INTO chatsession.event (entity, entity_id, number, name, associate_id, topic_id, user_id, user_before,
                                       status, status_before, alert_level, rating, customer_id, contact_id, project_id,
                                       sale_id, ticket_id, customer_alias, consented, chatbot_isactive)
        VALUES (1, held.id,
                coalesce((SELECT max(number) FROM chatsession.event WHERE entity = 1 AND entity_id = held.id),
                         (SELECT last FROM chatsession.event_series WHERE entity = 1 AND entity_id = held.id), 0) + 1,
                what, coalesce(nullif(current_setting('chatsession.associate', true), ''), '0')::integer, held.topic_id,
                held.user_id, OLD.user_id, held.status, OLD.status, held.alert_level, held.rating, held.customer_id,
                held.contact_id, held.project_id, held.sale_id, held.ticket_id, held.customer_alias, held.consented,
                held.chatbot_isactive)
        RETURNING id, number)
    INSERT INTO chatsession.webhook_delivery (webhook_id, event_id, entity, entity_id, number)
    SELECT hook.id, told.id, 1, held.id, told.number
      FROM told, chatsession.webhook AS hook WHERE hook.state = 1 AND what = ANY (hook.events);
    RETURN NULL;
END
$$;
CREATE TRIGGER event_created AFTER INSERT ON chat_session FOR EACH ROW EXECUTE FUNCTION chat_session_event();
CREATE TRIGGER event_deleted AFTER DELETE ON chat_session FOR EACH ROW EXECUTE FUNCTION chat_session_event();
CREATE TRIGGER event_changed AFTER UPDATE ON chat_session FOR EACH ROW
    WHEN (OLD.status <> NEW.status OR OLD.user_id <> NEW.user_id OR OLD.transfer_to IS DISTINCT FROM NEW.transfer_to
       OR OLD.alert_level <> NEW.alert_level OR OLD.rank <> NEW.rank OR OLD.topic_id <> NEW.topic_id
       OR OLD.customer_id <> NEW.customer_id OR OLD.customer_alias <> NEW.customer_alias
       OR OLD.when_requested IS DISTINCT FROM NEW.when_requested OR OLD.when_started IS DISTINCT FROM NEW.when_started
       OR OLD.when_ended IS DISTINCT FROM NEW.when_ended OR OLD.session_key <> NEW.session_key
       OR OLD.initial_queue_pos <> NEW.initial_queue_pos OR OLD.customer_host <> NEW.customer_host
       OR OLD.name <> NEW.name OR OLD.company_name <> NEW.company_name OR OLD.email <> NEW.email
       OR OLD.phone <> NEW.phone OR OLD.project_id IS DISTINCT FROM NEW.project_id
       OR OLD.sale_id IS DISTINCT FROM NEW.sale_id OR OLD.ticket_id IS DISTINCT FROM NEW.ticket_id
       OR OLD.contact_id IS DISTINCT FROM NEW.contact_id OR OLD.consented <> NEW.consented
       OR OLD.chatbot_isactive <> NEW.chatbot_isactive OR OLD.country IS DISTINCT FROM NEW.country
       OR OLD.rating <> NEW.rating
       OR ((OLD.first_message <> NEW.first_message OR OLD.last_message <> NEW.last_message)
           AND OLD.idle IS NOT DISTINCT FROM NEW.idle))
    EXECUTE FUNCTION chat_session_event();

-- A message does not change its session by itself, so the session's row is taken here.
CREATE FUNCTION chat_message_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held chatsession.chat_session;
BEGIN
    SELECT * INTO held FROM chatsession.chat_session WHERE id = NEW.session_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    WITH told AS (
        INSERT INTO chatsession.event (entity, entity_id, number, name, associate_id, message_id, topic_id, user_id,
                                       status, alert_level, rating, customer_id, contact_id, project_id, sale_id,
                                       ticket_id, customer_alias, consented, chatbot_isactive)
        VALUES (1, held.id,
                coalesce((SELECT max(number) FROM chatsession.event WHERE entity = 1 AND entity_id = held.id),
                         (SELECT last FROM chatsession.event_series WHERE entity = 1 AND entity_id = held.id), 0) + 1,
                'chatsession.message',
                coalesce(nullif(current_setting('chatsession.associate', true), '')::integer, nullif(NEW.created_by, -1), 0),
                NEW.id, held.topic_id, held.user_id, held.status, held.alert_level, held.rating, held.customer_id,
                held.contact_id, held.project_id, held.sale_id, held.ticket_id, held.customer_alias, held.consented,
                held.chatbot_isactive)
        RETURNING id, number)
    INSERT INTO chatsession.webhook_delivery (webhook_id, event_id, entity, entity_id, number)
    SELECT hook.id, told.id, 1, held.id, told.number
      FROM told, chatsession.webhook AS hook WHERE hook.state = 1 AND 'chatsession.message' = ANY (hook.events);
    RETURN NULL;
END
$$;
CREATE TRIGGER event_message AFTER INSERT ON chat_message FOR EACH ROW EXECUTE FUNCTION chat_message_event();

-- What is rare needs no copy of its own.  Whoever calls it holds the row that the series is of.
CREATE FUNCTION event_tell(kind integer, key integer, what text, is_present boolean) RETURNS void LANGUAGE sql VOLATILE AS $$
    WITH told AS (
        INSERT INTO chatsession.event (entity, entity_id, number, name, associate_id, topic_id, user_id, present)
        VALUES (kind, key, coalesce((SELECT max(number) FROM chatsession.event WHERE entity = kind AND entity_id = key),
                                    (SELECT last FROM chatsession.event_series WHERE entity = kind AND entity_id = key), 0) + 1,
                what, coalesce(nullif(current_setting('chatsession.associate', true), ''), '0')::integer,
                CASE kind WHEN 2 THEN key END, CASE kind WHEN 3 THEN key END, is_present)
        RETURNING id, number)
    INSERT INTO chatsession.webhook_delivery (webhook_id, event_id, entity, entity_id, number)
    SELECT hook.id, told.id, kind, key, told.number
      FROM told, chatsession.webhook AS hook WHERE hook.state = 1 AND what = ANY (hook.events)
$$;

-- Whether anything changed of a topic but the average of waits, and what counts changes.
CREATE FUNCTION chat_topic_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    silent constant text[] := ARRAY['last_accept', 'seconds_pr_accept', 'version', 'changed_at'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM chatsession.event_tell(2, NEW.id, 'chattopic.created', NULL);
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM chatsession.event_tell(2, OLD.id, 'chattopic.deleted', NULL);
    ELSIF to_jsonb(OLD) - silent <> to_jsonb(NEW) - silent THEN
        PERFORM chatsession.event_tell(2, NEW.id, 'chattopic.changed', NULL);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER event_added AFTER INSERT OR DELETE ON chat_topic FOR EACH ROW EXECUTE FUNCTION chat_topic_event();
CREATE TRIGGER event_changed AFTER UPDATE ON chat_topic FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION chat_topic_event();

-- Who serves a topic.  A topic that goes takes its members along, which its own event tells.
CREATE FUNCTION chat_topic_user_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    topic integer;
BEGIN
    FOR topic IN
        SELECT id FROM chatsession.chat_topic
         WHERE id IN (CASE WHEN TG_OP <> 'DELETE' THEN NEW.topic_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.topic_id END)
         ORDER BY id FOR NO KEY UPDATE
    LOOP
        PERFORM chatsession.event_tell(2, topic, 'chattopic.agents', NULL);
    END LOOP;
    RETURN NULL;
END
$$;
CREATE TRIGGER event_added AFTER INSERT OR DELETE ON chat_topic_user FOR EACH ROW EXECUTE FUNCTION chat_topic_user_event();
CREATE TRIGGER event_changed AFTER UPDATE ON chat_topic_user FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION chat_topic_user_event();

-- For the table of who is there, columns associate_id and present.
CREATE FUNCTION chat_presence_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM chatsession.event_tell(3, NEW.associate_id, 'presence.changed', NEW.present);
    RETURN NULL;
END
$$;

-- As it was (008), for writers with any search_path.
CREATE OR REPLACE FUNCTION free_rank(agent integer, session integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('chatsession rank'), agent);
    RETURN (SELECT min(number)
              FROM generate_series(1, 1 + (SELECT count(*) FROM chatsession.chat_session
                                            WHERE user_id = agent AND status IN (5, 6) AND id <> session)::integer) AS number
             WHERE NOT EXISTS (SELECT FROM chatsession.chat_session
                                WHERE user_id = agent AND status IN (5, 6) AND id <> session AND rank = number));
END
$$;
CREATE OR REPLACE FUNCTION chat_session_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.changed_at := now();
    IF NEW.rank = OLD.rank AND (NEW.status <> OLD.status OR NEW.user_id <> OLD.user_id) THEN
        IF NEW.status NOT IN (5, 6) THEN
            NEW.rank := 0;
        ELSIF NEW.user_id > 0 AND (OLD.status NOT IN (5, 6) OR NEW.user_id <> OLD.user_id) THEN
            NEW.rank := chatsession.free_rank(NEW.user_id, NEW.id);
        END IF;
    END IF;
    RETURN NEW;
END
$$;
