-- Leaves the types of a session's columns free: a trigger whose WHEN names a column (009) forbids to change the column's
-- type.  Which update is worth telling stands in the function now.
CREATE OR REPLACE FUNCTION chat_session_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held chatsession.chat_session := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
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
    END IF;
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
DROP TRIGGER event_created ON chat_session;
DROP TRIGGER event_changed ON chat_session;
DROP TRIGGER event_deleted ON chat_session;
CREATE TRIGGER event AFTER INSERT OR UPDATE OR DELETE ON chat_session FOR EACH ROW EXECUTE FUNCTION chat_session_event();
