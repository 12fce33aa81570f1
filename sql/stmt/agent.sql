-- Who serves a topic, which users there are, who of them is there.

-- The caller's roles in the topic.
-- part: held
  FROM caller($1)
  LEFT JOIN LATERAL roles_on_topic(caller.associate_id, caller.is_admin, $2) AS held ON true

-- name: agent_list
-- args: caller text, topic int4
-- rows: 10000, repeatable
SELECT caller.associate_id, held.roles, agent, {references ChatTopicAgent agent}, {layout ChatTopicAgent}
  {part held}
  LEFT JOIN chat_topic_user AS agent ON agent.topic_id = $2 AND held.roles <> 0
  {joins ChatTopicAgent agent}
 ORDER BY agent.user_id

-- An id goes before a login name.
-- name: agent_get
-- args: caller text, topic int4, login name text, associate int4 or NULL
-- rows: 1, repeatable
SELECT caller.associate_id, held.roles, agent, {references ChatTopicAgent agent}, {layout ChatTopicAgent}
  {part held}
  LEFT JOIN chat_topic_user AS agent ON held.roles <> 0 AND agent.id = agent_named($2, $3, $4)
  {joins ChatTopicAgent agent}

-- Whoever changes the agents of a topic holds its row first: its events are counted by it.
-- part: topic_held
WITH topic AS MATERIALIZED (
    SELECT id FROM chat_topic
     WHERE id = $2 AND EXISTS (SELECT FROM acting($1) AS caller, roles_on_topic(caller.associate_id, caller.is_admin, $2) AS access
                                WHERE access.roles & $3 <> 0) FOR NO KEY UPDATE)

-- part: saved_agent
SELECT caller.associate_id, held.roles, saved.entity, {references ChatTopicAgent saved}, {layout ChatTopicAgent}
  {part held}
  LEFT JOIN saved ON true
  {joins ChatTopicAgent saved}

-- Who is there already gets these roles instead.
-- name: agent_add
-- args: caller text, topic int4, roles that may int4, strict bool, associate int4, listens bool, responds bool, manages
-- bool, is notified bool
-- rows: 1, values
{part topic_held},
saved AS (
    INSERT INTO chat_topic_user AS agent (topic_id, user_id, can_listen, can_respond, manager, notifications)
    SELECT topic.id, $5, $6, $7, $8, $9 FROM topic
     WHERE (NOT $4 OR EXISTS (SELECT FROM associate WHERE associate_id = $5))
        ON CONFLICT (topic_id, user_id) DO UPDATE SET can_listen = EXCLUDED.can_listen,
           can_respond = EXCLUDED.can_respond, manager = EXCLUDED.manager, notifications = EXCLUDED.notifications
    RETURNING agent AS entity, user_id)
{part saved_agent}

-- name: agent_update
-- args: caller text, topic int4, roles that may int4, login name text, associate int4 or NULL, listens bool, responds
-- bool, manages bool, is notified bool
-- rows: 1, values
{part topic_held},
saved AS (
    UPDATE chat_topic_user AS agent SET can_listen = $6, can_respond = $7, manager = $8, notifications = $9
      FROM topic WHERE agent.id = agent_named(topic.id, $4, $5)
    RETURNING agent AS entity, agent.user_id)
{part saved_agent}

-- name: agent_remove
-- args: caller text, topic int4, roles that may int4, login name text, associate int4 or NULL
-- rows: 1
{part topic_held},
gone AS (
    DELETE FROM chat_topic_user AS agent USING topic WHERE agent.id = agent_named(topic.id, $4, $5))
SELECT caller.associate_id, held.roles
  {part held}

-- These instead of all others; of each the associate, and the roles as bits: 1 listens, 2 responds, 4 manages, 8 is
-- notified.  Of those without a record the places come back where they must have one, and nothing is done.
-- name: agents_replace
-- args: caller text, topic int4, roles that may int4, strict bool, associates text, roles of each text
-- rows: 10000, values
WITH strangers AS MATERIALIZED (
    SELECT wanted.place FROM unnest(string_to_array($5, ',')::integer[]) WITH ORDINALITY AS wanted (who, place)
     WHERE $4 AND NOT EXISTS (SELECT FROM associate WHERE associate_id = wanted.who) ORDER BY wanted.place LIMIT 100)
SELECT caller.associate_id, held.roles, agent, {references ChatTopicAgent agent},
       (SELECT string_agg(place::text, ',' ORDER BY place) FROM strangers), {layout ChatTopicAgent}
  FROM acting($1) AS caller
  LEFT JOIN LATERAL roles_on_topic(caller.associate_id, caller.is_admin, $2) AS held ON true
  LEFT JOIN LATERAL agents_replace(caller.associate_id, caller.is_admin, $2,
            CASE WHEN EXISTS (SELECT FROM strangers) THEN 0 ELSE $3 END,
            string_to_array($5, ',')::integer[], string_to_array($6, ',')::integer[]) AS agent ON true
  {joins ChatTopicAgent agent}
 ORDER BY agent.user_id

-- The users of the chat as items of a list, and the group of each; by groups, unless they are wanted one by one.
-- name: user_agents
-- args: caller text, only who is present bool, one by one bool
-- rows: 100000, repeatable
SELECT caller.associate_id,
       ROW(item.user_id, item.display_name, item.tooltip, item.deleted, item.rank, 'associate'::text, ''::text, 0, item.name,
           ''::text, item.display_name),
       ROW(item.group_idx, coalesce(item.group_name, ''), coalesce(item.group_tooltip, ''),
           coalesce(item.group_deleted, false), coalesce(item.group_rank, 0), 'usergroup'::text, ''::text, 0, ''::text, ''::text,
           coalesce(item.group_name, ''))
  FROM caller($1)
  LEFT JOIN LATERAL (
            SELECT users.user_id, coalesce(nullif(a.full_name, ''), a.name) AS display_name, a.tooltip, a.deleted,
                   a.rank::integer AS rank, a.name, a.group_idx, g.name AS group_name, g.tooltip AS group_tooltip,
                   g.deleted AS group_deleted, g.rank AS group_rank
              FROM chat_users() AS users
              JOIN associate AS a ON a.associate_id = users.associate_id
              LEFT JOIN usergroup AS g ON g.usergroup_id = a.group_idx
              LEFT JOIN chat_presence AS presence ON presence.associate_id = users.associate_id
             WHERE NOT $2 OR coalesce(presence.present, false)) AS item ON true
 ORDER BY CASE WHEN $3 THEN 0 ELSE coalesce(item.group_rank, 2147483647) END, CASE WHEN $3 THEN '' ELSE item.group_name END,
          CASE WHEN $3 THEN 0 ELSE item.group_idx END, item.rank, item.display_name, item.user_id

-- The users of the chat, who of them is there, and whether the caller may change that.
-- name: presence_list
-- args: caller text
-- rows: 100000, repeatable
SELECT caller.associate_id, caller.is_admin OR item.associate_id = caller.associate_id,
       ROW(item.user_id, item.display_name, item.ongoing, item.present, item.topics)
  FROM caller($1)
  LEFT JOIN LATERAL (
            SELECT users.user_id, users.associate_id, coalesce(nullif(a.full_name, ''), a.name) AS display_name,
                   coalesce(presence.present, false) AS present,
                   (SELECT count(*) FROM chat_session WHERE chat_session.user_id = users.associate_id
                       AND chat_session.status IN (5, 6))::integer AS ongoing,
                   (SELECT string_agg(member.topic_id::text, ',' ORDER BY member.topic_id) FROM chat_topic_user AS member
                     WHERE member.user_id = users.associate_id
                       AND (member.manager OR member.can_respond OR member.can_listen OR member.notifications)) AS topics
              FROM chat_users() AS users
              JOIN associate AS a ON a.associate_id = users.associate_id
              LEFT JOIN chat_presence AS presence ON presence.associate_id = users.associate_id) AS item ON true
 ORDER BY item.display_name, item.user_id

-- All of them or none: the places of those that do not exist come back, or that are not the caller's to change.
-- name: presence_save
-- args: caller text, users text, 0 or 1 for each text
-- rows: 100
WITH judged AS MATERIALIZED (
    SELECT wanted.place, wanted.present <> 0 AS present, users.associate_id,
           users.associate_id IS NOT NULL AND (caller.is_admin OR users.associate_id = caller.associate_id) AS may
      FROM acting($1) AS caller, unnest(string_to_array($2, ',')::integer[], string_to_array($3, ',')::integer[])
                  WITH ORDINALITY AS wanted (who, present, place)
      LEFT JOIN (SELECT user_id, min(associate_id) AS associate_id FROM chat_users() GROUP BY user_id
                 HAVING count(*) = 1) AS users ON users.user_id = wanted.who),
saved AS (
    INSERT INTO chat_presence AS presence (associate_id, present)
    SELECT associate_id, present FROM judged
     WHERE NOT EXISTS (SELECT FROM judged WHERE may IS NOT TRUE) ORDER BY associate_id
        ON CONFLICT (associate_id) DO UPDATE SET present = EXCLUDED.present, changed_at = now()
     WHERE presence.present <> EXCLUDED.present)
SELECT caller.associate_id, judged.place::integer, judged.associate_id IS NOT NULL
  FROM caller($1)
  LEFT JOIN judged ON judged.may IS NOT TRUE
 ORDER BY judged.place LIMIT 100
