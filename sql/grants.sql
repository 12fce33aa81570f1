-- What a run-time role may touch: exactly what the module's statements need.  Given at every run of sql/migrate, to
-- :"role".
GRANT USAGE ON SCHEMA chatsession TO :"role";
-- Where an administrator's default privileges do not give them to everybody.
SELECT format('GRANT EXECUTE ON FUNCTION %s TO %I', p.oid::regprocedure, :'role')
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname = 'chatsession' AND n.nspowner = p.proowner AND p.prorettype <> 'trigger'::regtype
   AND NOT has_function_privilege(:'role', p.oid, 'EXECUTE') \gexec
GRANT SELECT ON schema_migration, chat_topic, chat_topic_user, associate, person, contact, project, sale, ticket TO :"role";
GRANT SELECT, INSERT, UPDATE, DELETE ON chat_session, idempotency_key TO :"role";
REVOKE INSERT ON associate FROM :"role"; -- of earlier days; no user makes himself more than a user
GRANT INSERT (name, username, full_name) ON associate TO :"role";
GRANT SELECT, INSERT, DELETE, UPDATE (expires_at, last_used) ON credential TO :"role";
GRANT USAGE ON SEQUENCE chat_session_id_seq TO :"role";
GRANT SELECT, DELETE ON reference_change TO :"role";
GRANT SELECT, INSERT ON chat_message TO :"role";
GRANT INSERT, UPDATE, DELETE ON chat_topic, chat_topic_user TO :"role";
GRANT SELECT ON cust_lang, ej_category, ticket_priority, kb_category, reply_template, usergroup, tzlocation TO :"role";
GRANT SELECT, INSERT, UPDATE ON chat_presence TO :"role";
GRANT SELECT, INSERT, DELETE ON event TO :"role";
GRANT SELECT, INSERT, UPDATE, DELETE ON event_series, webhook_delivery TO :"role";
GRANT SELECT, UPDATE (state, failures, failing_since, due) ON webhook TO :"role"; -- whom to tell, an administrator says
