-- :sessions sessions and what they refer to, in proportion; every row is determined by its number.
\set ON_ERROR_STOP on
SET search_path = chatsession;
SET synchronous_commit = off;
SET client_min_messages = warning;
SET jit = off;
SET session_replication_role = replica; -- no events of what happened before
SELECT greatest(:sessions / 5, 200) AS tickets, greatest(:sessions / 10, 200) AS persons, greatest(:sessions / 20, 200) AS contacts,
       greatest(:sessions / 50, 200) AS sales, greatest(:sessions / 200, 200) AS projects, 200 AS associates \gset
INSERT INTO associate (associate_id, name, person_id, rank, tooltip, type, group_idx, full_name, formal_name, ejuserid, username, is_admin)
SELECT n, CASE n WHEN 1 THEN 'anna' ELSE 'user' || n END, n, n % 100, 'Support', 0, 2, 'Anna Vik ' || n, 'Ms Anna Vik ' || n, n, 'user' || n, false
  FROM generate_series(1, :associates) n;
INSERT INTO chat_topic (id, name, description) SELECT n, 'Topic ' || n, 'What topic ' || n || ' is about' FROM generate_series(1, 20) n;
INSERT INTO chat_topic_user (topic_id, user_id, can_respond, manager) SELECT n, 1, true, true FROM generate_series(1, 20) n;
INSERT INTO chat_topic_user (topic_id, user_id, can_respond) SELECT n % 20 + 1, n, true FROM generate_series(2, :associates) n;
INSERT INTO person (person_id, position_name, mrmrs, firstname, middlename, lastname, title, description, email, email_name, direct_phone,
       mobile_phone, country_id, contact_id, contact_name, contact_department, associate_id, associate_name, category_name, person_number)
SELECT n, 'Manager', 'Ms', 'Kari', 'Marie', 'Holm ' || n, 'Head of purchasing', 'Prefers to be called in the morning; "do not disturb" on Fridays',
       'kari.holm' || n || '@fjord.example', 'Kari Holm', '+47 22 33 ' || n, '+47 900 ' || n, 578, 1 + n % :contacts, 'Fjord Shipping ' || n,
       'Purchasing', 1 + n % :associates, 'anna', 'Customer', 'P-' || n
  FROM generate_series(1, :persons) n;
INSERT INTO contact (contact_id, name, department, orgnr, url, url_name, direct_phone, associate_id, associate_full_name, country_id, country_name,
       email_address, email_address_name, business_name, category_name, number1, number2, wgs84latitude, wgs84longitude, street_address1, street_city,
       street_zipcode, postal_address1, postal_city, postal_zipcode)
SELECT n, 'Fjord Shipping ' || n, 'Head office', '9' || n, 'https://fjord.example/' || n, 'Our site', '+47 55 ' || n, 1 + n % :associates, 'Anna Vik',
       578, 'Norway', 'post' || n || '@fjord.example', 'Post', 'Shipping', 'Customer', 'N' || n, 'M' || n, 59.9127 + n % 100, 10.7461,
       'Storgata ' || n, 'Oslo', '0155', 'Postboks ' || n, 'Oslo', '0101'
  FROM generate_series(1, :contacts) n;
INSERT INTO project (project_id, name, description, url, type_idx, type_name, associate_id, associate_full_name, updated, status_idx, status_name,
       publish_from, publish_to, project_number)
SELECT n, 'Project ' || n, 'A project with a description of usual length', 'https://projects.example/' || n, 1, 'Internal', 1 + n % :associates,
       'Anna Vik', '2024-03-01 10:00', 1, 'Planned', '2024-01-01', '2024-12-31', 'PR-' || n
  FROM generate_series(1, :projects) n;
INSERT INTO sale (sale_id, heading, saledate, amount, probability, earning, earning_percent, currency_name, status, done, description, associate_id,
       associate_full_name, contact_id, contact_name, person_id, person_full_name, project_id, project_name, saletype_id, saletype_name, number1)
SELECT n, 'Sale ' || n, '2024-06-01', 1000.5 + n, 50, 250.25, 25, 'NOK', 1, 1, 'Sold by chat', 1 + n % :associates, 'Anna Vik', 1 + n % :contacts,
       'Fjord Shipping', 1 + n % :persons, 'Kari Holm', 1 + n % :projects, 'Project', 1, 'Direct', 'S' || n
  FROM generate_series(1, :sales) n;
INSERT INTO ticket (id, title, created_at, last_changed, read_by_owner, created_by, created_by_name, author, owned_by, owned_by_name, category,
       category_name, category_fullname, priority, priority_name, status, ticket_status, ticket_status_name, origin, cust_id, person_firstname,
       person_lastname, contact_id, contact_name, time_to_reply, num_replies, num_messages, from_address, language)
SELECT n, 'The printer does not print ' || n, '2024-05-01 08:00', '2024-05-02 09:00', '2024-05-01 08:05', 1 + n % :associates, 'Anna Vik', 'Kari Holm',
       1 + n % :associates, 'Anna Vik', 3, 'Hardware', 'Support/Hardware', 2, 'Normal', 1, 1, 'Open', 11, 1 + n % :persons, 'Kari', 'Holm',
       1 + n % :contacts, 'Fjord Shipping', 35, 2, 4, 'kari@fjord.example', 'en'
  FROM generate_series(1, :tickets) n;
INSERT INTO chat_session (id, topic_id, user_id, customer_id, customer_alias, status, when_requested, when_started, when_ended, idle,
       customer_fetch, session_key, initial_queue_pos, customer_host, name, company_name, email, phone, first_message, last_message, flags,
       project_id, sale_id, ticket_id, contact_id, transfer_to, consented, rating)
SELECT n, 1 + n % 20, 1 + n % :associates, 1 + n % :persons, 'kari' || n, 7, '2024-05-01 08:00', '2024-05-01 08:01', '2024-05-01 08:20',
       '2024-05-01 08:19', '2024-05-01 08:20', md5(n::text), n % 10, 'host' || n || '.example', 'Kari Holm ' || n, 'Fjord Shipping',
       'kari.holm' || n || '@fjord.example', '+47 22 33 44 55', 'Hello, my printer says "PC LOAD LETTER" and then nothing happens. Can you help?',
       'Thank you, that helped', 0, 1 + n % :projects, 1 + n % :sales, 1 + n % :tickets, 1 + n % :contacts, 1 + n % :associates, true, n % 6
  FROM generate_series(1, :sessions) n;
SELECT setval(pg_get_serial_sequence('chat_session', 'id'), :sessions * 10) \g /dev/null
RESET session_replication_role;
RESET search_path;
VACUUM ANALYZE;
CHECKPOINT;
