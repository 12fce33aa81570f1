-- Sample data: a help desk with its users, topics, customers, and 200 chat sessions in all states.
--
--   psql -d help_desk -f sql/sample/help-desk.sql
--
-- For trying the module out.  Run it as a superuser or the schema's owner, in a database that sql/migrate has
-- been applied to.  Where a user "anna" exists, nothing happens.  People, companies and numbers are invented.
-- Times count back from the moment of loading; all else is the same each time.

\set ON_ERROR_STOP on
\set QUIET on
\encoding UTF8
\set zone 'Europe/Oslo'

BEGIN;
SET LOCAL search_path = chatsession;
SET LOCAL jit = off; -- small tables: compiling would take longer than running

SELECT EXISTS (SELECT FROM associate WHERE lower(name) = 'anna') AS loaded \gset
\if :loaded
\echo 'anna is here already: nothing done'
\else

-- Users and topics ------------------------------------------------------------------------------------------

-- Groups: 1 administration, 2 support, 3 sales.  Persons 1 to 8 are the staff, see below.
INSERT INTO associate (associate_id, name, person_id, rank, tooltip, type, group_idx, full_name, formal_name,
                       deleted, ejuserid, username, is_admin)
VALUES (1, 'anna', 1, 1, 'Support, billing', 0, 2, 'Anna Vik', 'Ms Anna Vik', false, 11, 'anna', false),
       (2, 'otto', 2, 2, 'Support, sales', 0, 2, 'Otto Berg', 'Mr Otto Berg', false, 12, 'otto', false),
       (3, 'mia', 3, 3, 'Team leader', 0, 2, 'Mia Lindqvist', 'Ms Mia Lindqvist', false, 13, 'mia', false),
       (4, 'admin', 4, 4, 'Administrator', 0, 1, 'Henrik Moe', 'Mr Henrik Moe', false, 14, 'admin', true),
       (5, 'petra', 5, 5, 'Left us', 0, 2, 'Petra Solheim', 'Ms Petra Solheim', true, 15, 'petra', false),
       (6, 'system', 0, 6, '', 13, 1, 'System', 'System', false, 1, 'system', false),
       (7, 'froya', 0, 7, 'Bot of the sales topic', 13, 3, 'Frøya', 'Frøya', false, 16, 'froya', false),
       (8, 'room.fjord', 0, 8, 'Meeting room', 1, 1, 'Room Fjord', 'Room Fjord', false, 0, '', false),
       (9, 'sindre', 6, 9, 'Key accounts', 0, 3, 'Sindre Aas', 'Mr Sindre Aas', false, 17, 'sindre', false),
       (10, 'visitor', 0, 10, 'Visitors of the web site', 7, 0, 'Visitor', 'Visitor', false, 0, '', false);

-- Flags: 1 popup, 2 mail, 4 consent, 8 own queue text, 16 large, 32 offline consent, 64 form from the queue.
INSERT INTO chat_topic (id, name, description, language_id, welcome_message, alert_timeout, alert_template,
                        alert_recipient, flags, badge_header, warning_new_chat, manager_warning_new_chat,
                        warning_chat_message, manager_warning_chat_message, custom_queue_text, widget_theme,
                        widget_language, widget_font, widget_font_size, widget_show_logo,
                        widget_show_agent_photo, widget_agent_use_firstname, widget_welcome_title,
                        widget_welcome_message, widget_color, widget_badge_color, widget_badge_text_color,
                        widget_cust_msg_color, widget_cust_msg_text_color, widget_agent_msg_color,
                        widget_agent_msg_text_color, widget_button_color, widget_button_text_color,
                        widget_pre_form, widget_pre_message, widget_required_fields, widget_auto_faq,
                        kb_category_id, widget_post_form, widget_post_header, widget_post_message,
                        widget_post_transcript, widget_enable_rating, widget_rating_text,
                        widget_offline_header, widget_offline_message, widget_offline_fields,
                        widget_enable_ticket, category_id, priority_id, offline_form_time_limit,
                        offline_form_queue_length, bot_enabled, bot_name, bot_register_scriptid,
                        bot_session_created_scriptid, bot_session_changed_scriptid,
                        bot_message_received_scriptid)
VALUES (1, 'US:"Customer support";NO:"Kundestøtte"',
        'US:"Computers, network and software";NO:"Datamaskiner, nett og programvare"',
        1, 'Welcome to Nordavind support! Velkommen! I will be with you in a moment.', 300, 21,
        'support@nordavind.example', 1 + 4 + 8 + 64, 'Need help?', 3, 10, 5, 15,
        'You are number {cque} in the queue. The average waiting time is {cavw}.',
        1, 'en', 'Open Sans', '14px', true, true, true, 'Hello there',
        'Tell us what is wrong, we like to help.', '#0a5c6b', '#0a5c6b', '#ffffff',
        '#e3f2f5', '#102a30', '#0a5c6b', '#ffffff', '#f28c28', '#1b1b1b',
        true, 'Please tell us who you are, so that we find your equipment faster.', 1 + 2, true, 31,
        true, 'Thank you', 'Shall we send you a copy of this chat?', true,
        true, 'How did we do?', 'We are away', 'Nobody is here now. Leave a message and we answer by e-mail.',
        1 + 2 + 8, true, 1, 2, 10, 8,
        false, '', NULL, NULL, NULL, NULL),
       (2, 'Billing', 'US:"Invoices, payments and refunds";NO:"Faktura, betaling og refusjon"',
        1, 'Hello, you have reached the billing team of Nordavind. Please have your invoice number at hand.',
        600, 22, 'billing@nordavind.example', 2 + 4 + 32, 'Questions about an invoice?', 5, 15, 10, 20,
        '',
        0, 'en', 'Georgia', '13px', true, false, false, 'Billing',
        'We answer questions about invoices and payments.', '#4a3f6b', '#4a3f6b', '#ffffff',
        '#ece8f5', '#221c33', '#4a3f6b', '#ffffff', '#4a3f6b', '#ffffff',
        true, 'Please give your name, e-mail address and company as they stand on the invoice.', 1 + 2 + 4,
        false, NULL, true, 'Goodbye', 'You may download this chat for your records.', true,
        true, 'Are you content with our answer?', 'Billing is closed',
        'Write to us, we answer the next working day.', 1 + 2 + 4, true, 2, 2, 0, 0,
        false, '', NULL, NULL, NULL, NULL),
       (3, 'Sales', 'Offers, licences and demonstrations',
        NULL, 'Hi, I am taking over from Frøya. Give me a minute to read what you have written.', 120, 23,
        'sales@nordavind.example', 1 + 4 + 16, 'Talk to sales', 2, 5, 4, 10,
        '',
        1, 'no', 'Roboto', '15px', true, true, true, 'What are you looking for?',
        'Frøya answers at once, and her colleagues in the working hours.', '#1f7a3d', '#1f7a3d', '#ffffff',
        '#e6f4ea', '#12301c', '#1f7a3d', '#ffffff', '#ffd54f', '#202020',
        false, '', 0, false, NULL,
        false, '', '', false,
        true, 'Was this chat of use to you?', 'See you tomorrow', 'Leave your number and we call you back.',
        2 + 8 + 16, false, NULL, NULL, 0, 0,
        true, 'Frøya', 401, 402, 403, 404);

-- Open from Monday to Friday, support on Saturday too; billing has a lunch hour.
UPDATE chat_topic
   SET use_opening_hours = true, tzlocationid = 261,
       mon_enabled = true, mon_start = '08:00', mon_stop = '16:00',
       tue_enabled = true, tue_start = '08:00', tue_stop = '16:00',
       wed_enabled = true, wed_start = '08:00', wed_stop = '16:00',
       thu_enabled = true, thu_start = '08:00', thu_stop = CASE id WHEN 1 THEN '18:00' ELSE '16:00' END::time,
       fri_enabled = true, fri_start = '08:00', fri_stop = '15:30',
       sat_enabled = (id = 1), sat_start = CASE WHEN id = 1 THEN '10:00'::time END,
       sat_stop = CASE WHEN id = 1 THEN '14:00'::time END,
       use_lunch_hours = (id = 2), lunch_start = CASE WHEN id = 2 THEN '11:30'::time END,
       lunch_stop = CASE WHEN id = 2 THEN '12:00'::time END;

INSERT INTO chat_topic_user (user_id, topic_id, can_respond, notifications, can_listen, manager)
VALUES (1, 1, true, true, true, false), (1, 2, true, true, true, false),    -- anna
       (2, 1, true, true, false, false), (2, 3, true, true, false, false),  -- otto
       (3, 1, false, false, true, true), (3, 2, false, false, true, true),  -- mia
       (3, 3, false, false, true, true);

-- Anna and Otto are there; Mia is not.
INSERT INTO chat_presence (associate_id, present) VALUES (1, true), (2, true), (3, false);

-- Lists that topics and users refer to.
INSERT INTO usergroup (usergroup_id, name, rank) VALUES (1, 'Administration', 3), (2, 'Support', 1), (3, 'Sales', 2);
INSERT INTO cust_lang (id, name, iso_code) VALUES (1, 'English', 'en'), (2, 'Norwegian', 'no');
INSERT INTO reply_template (id, name, description, folder_id)
VALUES (21, 'Chat waits in support', '', 4), (22, 'Chat waits in billing', '', 4), (23, 'Chat waits in sales', '', 4);
INSERT INTO ej_category (id, parent_id, name, fullname) VALUES (1, -1, 'Support', 'Support'), (2, -1, 'Billing', 'Billing');
INSERT INTO ticket_priority (id, name, sort_order) VALUES (1, 'Low', 1), (2, 'Medium', 2), (3, 'High', 3), (4, 'Urgent', 4);
INSERT INTO kb_category (id, parent_id, name, fullname, sort_order)
VALUES (30, -1, 'Help', 'Help', 1), (31, 30, 'Network', 'Help/Network', 2);

-- Companies and people --------------------------------------------------------------------------------------

-- Country numbers are those of ISO 3166.  A mobile number is its prefix and digits of the person's id.
CREATE TEMP TABLE land ON COMMIT DROP AS
SELECT *
  FROM (VALUES (578, 'Norway', 'no', 'NOK', '9991001', '+47 400 00 ', 3),
               (752, 'Sweden', 'en', 'SEK', '556900-10', '+46 70 174 06 ', 2),
               (276, 'Germany', 'de', 'EUR', 'DE9000000', '+49 171 39200', 2),
               (40, 'Austria', 'de', 'EUR', 'ATU900000', '+43 664 0000', 3),
               (826, 'United Kingdom', 'en', 'GBP', '090000', '+44 7700 900', 3),
               (372, 'Ireland', 'en', 'EUR', 'IE90000', '+353 20 910 0', 3),
               (250, 'France', 'en', 'EUR', 'FR900000000', '+33 6 39 98 0', 3),
               (300, 'Greece', 'en', 'EUR', 'EL9000000', '+30 690 000 0', 3),
               (392, 'Japan', 'en', 'EUR', '90000000000', '+81 90 0000 0', 3))
       AS l (country_id, name, language, currency, orgnr_prefix, mobile_prefix, mobile_digits);

-- The first line is the company, the second its owner here and its addresses; the postal address '=' is the
-- street's once more, '' is none.
INSERT INTO contact (contact_id, name, department, orgnr, url, url_name, direct_phone, associate_id,
                     associate_full_name, country_id, country_name, email_address, email_address_name,
                     kananame, business_name, category_name, is_owner_contact, activeerplinks, number1,
                     number2, wgs84latitude, wgs84longitude, address_layout, street_address1, street_address2,
                     street_zipcode, street_city, street_county, postal_address1, postal_address2,
                     postal_zipcode, postal_city, postal_county)
SELECT c.id, c.name, c.department, l.orgnr_prefix || to_char(c.id, 'FM00'),
       'https://www.' || c.domain || '.example/', 'Web site', c.phone, c.owner, a.full_name, l.country_id,
       l.name, 'post@' || c.domain || '.example',
       CASE WHEN c.id % 3 = 0 THEN 'Office' ELSE '' END,
       CASE c.id WHEN 40 THEN 'サクラセイキ' ELSE '' END,
       c.business, CASE WHEN length(c.category) = 1 THEN 'Customer ' ELSE '' END || c.category, c.id = 1,
       CASE c.category WHEN 'A' THEN 1 ELSE 0 END,
       (10000 + c.id)::text, CASE WHEN c.id % 4 = 0 THEN 'K-' || (700 + c.id) ELSE '' END,
       c.latitude, c.longitude, CASE WHEN c.country_id IN (826, 372) THEN 1 ELSE 0 END,
       c.street1, c.street2, c.zip, c.city, c.county,
       CASE c.postal WHEN '=' THEN c.street1 ELSE c.postal END,
       CASE c.postal WHEN '=' THEN c.street2 ELSE '' END,
       CASE c.postal WHEN '' THEN '' WHEN '=' THEN c.zip ELSE c.postal_zip END,
       CASE c.postal WHEN '' THEN '' ELSE c.city END, CASE c.postal WHEN '' THEN '' ELSE c.county END
  FROM (VALUES
    (1, 578, 'Nordavind IT AS', '', 'nordavind', '+47 21 00 10 00', 'IT', 'Own company',
        4, 'Storgata 14', '', '0184', 'Oslo', '', 'Postboks 114 Sentrum', '0102', 59.91, 10.75),
    (2, 578, 'Fjordlaks Eksport AS', '', 'fjordlaks', '+47 55 00 10 10', 'Food', 'A',
        1, 'Strandkaien 18', '', '5013', 'Bergen', '', 'Postboks 22', '5803', 60.39, 5.32),
    (3, 578, 'Bjørkheim Bygg AS', '', 'bjorkheim', '+47 73 00 10 20', 'Construction', 'B',
        2, 'Kjøpmannsgata 41', '', '7011', 'Trondheim', '', '=', '', 63.43, 10.40),
    (4, 578, 'Ålesund Skipsutstyr AS', 'Lager', 'skipsutstyr', '+47 70 00 10 30', 'Shipping', 'A',
        1, 'Skansekaia 5', '', '6002', 'Ålesund', '', 'Postboks 310', '6001', 62.47, 6.15),
    (5, 578, 'Sørlandets Tannhelse AS', '', 'tannhelse', '+47 38 00 10 40', 'Health', 'C',
        2, 'Markens gate 9', '3. etasje', '4611', 'Kristiansand', '', '=', '', 58.15, 8.00),
    (6, 578, 'Østbygda skole', 'IT-tjenesten', 'ostbygda', '+47 62 00 10 50', 'Education', 'B',
        1, 'Skolevegen 2', '', '2312', 'Ottestad', '', '', '', 60.77, 11.12),
    (7, 578, 'Tromsø Havfiske AS', '', 'havfiske', '+47 77 00 10 60', 'Food', 'B',
        2, 'Stortorget 1', '', '9008', 'Tromsø', '', 'Postboks 77', '9251', 69.65, 18.96),
    (8, 578, 'Grønn Energi Rogaland AS', '', 'gronnenergi', '+47 51 00 10 70', 'Energy', 'A',
        9, 'Kirkegata 33', '', '4006', 'Stavanger', '', '=', '', 58.97, 5.73),
    (9, 578, 'Løkka Kaffe AS', '', 'lokkakaffe', '+47 22 00 10 80', 'Retail', 'C',
        1, 'Thorvald Meyers gate 50', '', '0552', 'Oslo', '', '', '', 59.92, 10.76),
    (10, 578, 'Advokatfirma Hauge & Lie', '', 'haugelie', '+47 22 00 10 90', 'Law', 'B',
        9, 'Karl Johans gate 27', '5. etasje', '0159', 'Oslo', '', 'Postboks 14 Vika', '0115', 59.91, 10.74),
    (11, 578, 'Møre Trevare AS', '', 'moretrevare', '+47 71 00 11 00', 'Manufacturing', 'Prospect',
        9, 'Industrivegen 8', '', '6415', 'Molde', '', '=', '', 62.74, 7.16),
    (12, 578, 'Bodø Transport AS', '', 'bodotransport', '+47 75 00 11 10', 'Transport', 'B',
        2, 'Sjøgata 3', '', '8006', 'Bodø', '', 'Postboks 512', '8001', 67.28, 14.40),
    (13, 578, 'Røros Ullvare AS', '', 'rorosull', '+47 72 00 11 20', 'Manufacturing', 'C',
        1, 'Bergmannsgata 12', '', '7374', 'Røros', '', '', '', 62.57, 11.38),
    (14, 578, 'Nordkyst Rederi AS', 'Regnskap', 'nordkyst', '+47 52 00 11 30', 'Shipping', 'A',
        1, 'Smedasundet 77', '', '5528', 'Haugesund', '', 'Postboks 45', '5501', 59.41, 5.27),
    (15, 752, 'Småland Möbler AB', '', 'smalandmobler', '+46 8 465 004 15', 'Manufacturing', 'B',
        2, 'Storgatan 22', '', '352 30', 'Växjö', '', '=', '', 56.88, 14.81),
    (16, 752, 'Västkustens Båtvarv AB', '', 'batvarv', '+46 31 390 06 16', 'Shipping', 'B',
        1, 'Skeppsbron 4', '', '411 21', 'Göteborg', '', 'Box 160', '401 22', 57.71, 11.97),
    (17, 752, 'Mälardalens Redovisning AB', '', 'malaredo', '+46 8 465 004 17', 'Finance', 'C',
        9, 'Kopparbergsvägen 10', '', '722 13', 'Västerås', '', '', '', 59.61, 16.54),
    (18, 752, 'Stockholms Trädgård AB', '', 'tradgard', '+46 8 465 004 18', 'Retail', 'Prospect',
        9, 'Götgatan 81', '', '116 62', 'Stockholm', '', '=', '', 59.33, 18.07),
    (19, 752, 'Skåne Bageri AB', '', 'skanebageri', '+46 40 628 01 19', 'Food', 'C',
        2, 'Södergatan 15', '', '211 34', 'Malmö', '', 'Box 19', '201 20', 55.60, 13.00),
    (20, 752, 'Ångström Mätteknik AB', 'Utveckling', 'matteknik', '+46 8 465 004 20', 'IT', 'Partner',
        4, 'Dragarbrunnsgatan 35', '', '753 20', 'Uppsala', '', '', '', 59.86, 17.64),
    (21, 276, 'Müller & Söhne Werkzeuge GmbH', '', 'mueller-soehne', '+49 711 9000 210', 'Engineering', 'A',
        1, 'Königstraße 60', '', '70173', 'Stuttgart', '', 'Postfach 10 21', '70009', 48.78, 9.18),
    (22, 276, 'Hafenlogistik Brandt GmbH', 'Einkauf', 'brandt-hafen', '+49 40 66969 220', 'Transport', 'A',
        2, 'Am Sandtorkai 30', '', '20457', 'Hamburg', '', '=', '', 53.55, 9.99),
    (23, 276, 'Bäckerei Grünwald KG', '', 'gruenwald', '+49 89 99998 230', 'Food', 'C',
        1, 'Sendlinger Straße 8', '', '80331', 'München', '', '', '', 48.14, 11.58),
    (24, 276, 'Schäfer Medizintechnik GmbH', '', 'schaefer-med', '+49 221 4710 240', 'Health', 'B',
        9, 'Hohe Straße 111', '', '50667', 'Köln', '', 'Postfach 30 24', '50400', 50.94, 6.96),
    (25, 276, 'Weiß Druck & Medien GmbH', '', 'weissdruck', '+49 341 9000 250', 'Media', 'B',
        2, 'Grimmaische Straße 2', 'Hinterhaus', '04109', 'Leipzig', '', '=', '', 51.34, 12.37),
    (26, 276, 'Rheintal Energie AG', 'IT', 'rheintal', '+49 211 9000 260', 'Energy', 'Prospect',
        9, 'Graf-Adolf-Straße 70', '', '40210', 'Düsseldorf', '', 'Postfach 26', '40001', 51.23, 6.77),
    (27, 276, 'Buchhandlung Lesezeit', '', 'lesezeit', '+49 30 23125 270', 'Retail', 'C',
        1, 'Bergmannstraße 19', '', '10961', 'Berlin', '', '', '', 52.52, 13.40),
    (28, 40, 'Alpenblick Hotel GmbH', '', 'alpenblick', '+43 512 0000 28', 'Hotels', 'B',
        2, 'Maria-Theresien-Straße 5', '', '6020', 'Innsbruck', '', '=', '', 47.27, 11.40),
    (29, 826, 'Harrogate Tea Rooms Ltd', '', 'harrogatetea', '+44 113 496 0029', 'Food', 'C',
        1, 'The Old Bank', '12 Station Row', 'HG1 2TJ', 'Harrogate', 'Yorkshire', '=', '', 53.99, -1.54),
    (30, 826, 'O''Brien & Daughters Ltd', '', 'obriendaughters', '+44 161 496 0030', 'Construction', 'A',
        2, 'Unit 7', 'Canal Row', 'M1 3HE', 'Manchester', 'Lancashire', 'PO Box 30', 'M60 1AA', 53.48, -2.24),
    (31, 826, 'Thames Valley Logistics Ltd', 'Purchase', 'tvlogistics', '+44 118 496 0031', 'Transport', 'A',
        1, 'Thames House', '40 Kings Road', 'RG1 3AA', 'Reading', 'Berkshire', '', '', 51.45, -0.98),
    (32, 826, 'Highland Spinning Mill Ltd', '', 'highlandmill', '+44 131 496 0032', 'Manufacturing', 'B',
        9, 'Mill Lane', '', 'IV1 1QY', 'Inverness', '', '=', '', 57.48, -4.22),
    (33, 826, 'Cardiff Bay Dental Practice', '', 'cardiffbaydental', '+44 29 2018 0033', 'Health', 'C',
        1, '3 Mermaid Quay', '', 'CF10 5BZ', 'Cardiff', 'South Glamorgan', '', '', 51.48, -3.18),
    (34, 826, 'Wren & Partners LLP', '', 'wrenpartners', '+44 20 7946 0034', 'Law', 'A',
        9, '2nd Floor', '18 Fleet Street', 'EC4Y 1AA', 'London', '', 'PO Box 3400', 'EC4P 4DT', 51.51, -0.13),
    (35, 826, 'Pennine Outdoor Ltd', 'Web shop', 'pennineoutdoor', '+44 113 496 0035', 'Retail', 'B',
        2, '77 Briggate', '', 'LS1 6NP', 'Leeds', 'West Yorkshire', '=', '', 53.80, -1.55),
    (36, 826, 'Bristol Sound Hire Ltd', '', 'soundhire', '+44 117 496 0036', 'Media', 'Prospect',
        9, 'Harbour Works', 'Spike Island', 'BS1 6UX', 'Bristol', '', '', '', 51.45, -2.59),
    (37, 372, 'Galway Seafood Ltd', '', 'galwayseafood', '+353 91 000 037', 'Food', 'C',
        1, 'Dock Road', '', 'H91 XY00', 'Galway', 'Co. Galway', '=', '', 53.27, -9.06),
    (38, 250, 'Atelier Lumière SARL', '', 'atelierlumiere', '+33 1 99 00 00 38', 'Media', 'Prospect',
        9, '4 rue Mercière', '', '69002', 'Lyon', '', '', '', 45.76, 4.84),
    (39, 300, 'Aegean Shipping S.A.', '', 'aegeanshipping', '+30 210 000 0039', 'Shipping', 'B',
        2, 'Akti Miaouli 85', '', '185 38', 'Piraeus', '', 'P.O. Box 80039', '185 10', 37.94, 23.65),
    (40, 392, 'Sakura Seiki K.K.', '', 'sakuraseiki', '+81 6 0000 0040', 'Manufacturing', 'Partner',
        4, '2-8-1 Umeda, Kita-ku', '', '530-0001', 'Osaka', '', '=', '', 34.69, 135.50)
    ) AS c (id, country_id, name, department, domain, phone, business, category, owner,
            street1, street2, zip, city, county, postal, postal_zip, latitude, longitude)
  JOIN land l USING (country_id)
  JOIN associate a ON a.associate_id = c.owner
 ORDER BY c.id;

-- Staff first, then customers by company; those of company 0 are private customers.
CREATE TEMP TABLE people ON COMMIT DROP AS
SELECT row_number() OVER () AS person_id, v.*
  FROM (VALUES
    (1, 'Ms', 'Anna', '', 'Vik'), (1, 'Mr', 'Otto', '', 'Berg'), (1, 'Ms', 'Mia', '', 'Lindqvist'),
    (1, 'Mr', 'Henrik', '', 'Moe'), (1, 'Ms', 'Petra', '', 'Solheim'), (1, 'Mr', 'Sindre', '', 'Aas'),
    (1, 'Ms', 'Kari', '', 'Nygård'), (1, 'Mr', 'Erik', 'Andreas', 'Holm'), (2, 'Ms', 'Ingrid', '', 'Sæther'),
    (2, 'Mr', 'Lars', 'Magnus', 'Øvrebø'), (2, 'Ms', 'Silje', '', 'Haugland'),
    (3, 'Mr', 'Knut', '', 'Bjørkheim'), (3, 'Ms', 'Marit', '', 'Wold'), (3, 'Mr', 'Terje', '', 'Åsen'),
    (4, 'Ms', 'Åse', '', 'Rønneberg'), (4, 'Mr', 'Per', 'Arne', 'Slinning'), (4, 'Mr', 'Jon', '', 'Giske'),
    (5, 'Ms', 'Hilde', '', 'Tønnessen'), (5, 'Dr', 'Bjørn', '', 'Aamodt'), (6, 'Mr', 'Geir', '', 'Løken'),
    (6, 'Ms', 'Randi', '', 'Østby'), (7, 'Mr', 'Odd', '', 'Jakobsen'), (7, 'Ms', 'Solveig', '', 'Nilsen'),
    (7, 'Mr', 'Ánde', '', 'Somby'), (8, 'Ms', 'Gro', '', 'Håland'), (8, 'Mr', 'Tore', '', 'Undheim'),
    (8, 'Ms', 'Kristin', 'Marie', 'Bø'), (9, 'Mr', 'Jørgen', '', 'Falch'), (9, 'Ms', 'Thea', '', 'Grønli'),
    (10, 'Mr', 'Nils', '', 'Hauge'), (10, 'Ms', 'Elisabeth', '', 'Lie'), (11, 'Mr', 'Olav', '', 'Farstad'),
    (11, 'Ms', 'Berit', '', 'Hjelset'), (12, 'Mr', 'Frode', '', 'Sørli'), (12, 'Ms', 'Lene', '', 'Kjærstad'),
    (13, 'Ms', 'Gunhild', '', 'Engzelius'), (13, 'Mr', 'Ole', '', 'Prytz'), (14, 'Ms', 'Turid', '', 'Vågen'),
    (14, 'Mr', 'Asbjørn', '', 'Kallevik'), (14, 'Ms', 'Camilla', '', 'Ådland'),
    (15, 'Mr', 'Göran', '', 'Lundström'), (15, 'Ms', 'Åsa', '', 'Bergqvist'),
    (16, 'Mr', 'Björn', '', 'Sjöberg'), (16, 'Ms', 'Malin', '', 'Höglund'), (16, 'Mr', 'Stig', '', 'Åkerman'),
    (17, 'Ms', 'Annika', '', 'Nyström'), (17, 'Mr', 'Jörgen', '', 'Ek'), (18, 'Ms', 'Elin', '', 'Rosén'),
    (18, 'Mr', 'Mats', '', 'Wallgren'), (19, 'Ms', 'Cecilia', '', 'Möller'),
    (19, 'Mr', 'Håkan', '', 'Persson'), (20, 'Dr', 'Ulla', '', 'Ångström'),
    (20, 'Mr', 'Peter', '', 'Häggblom'), (20, 'Ms', 'Sara', '', 'Öberg'), (21, 'Mr', 'Jürgen', '', 'Müller'),
    (21, 'Ms', 'Sabine', '', 'Größler'), (21, 'Mr', 'Uwe', '', 'Häberle'), (22, 'Mr', 'Klaus', '', 'Brandt'),
    (22, 'Ms', 'Antje', '', 'Petersen'), (22, 'Mr', 'Sönke', '', 'Lüders'),
    (23, 'Ms', 'Franziska', '', 'Grünwald'), (23, 'Mr', 'Xaver', '', 'Huber'),
    (24, 'Dr', 'Renate', '', 'Schäfer'), (24, 'Mr', 'Thomas', '', 'Krämer'), (24, 'Ms', 'Ayşe', '', 'Demir'),
    (25, 'Mr', 'Holger', '', 'Weiß'), (25, 'Ms', 'Katrin', '', 'Böhme'), (26, 'Mr', 'Dieter', '', 'Jansen'),
    (26, 'Ms', 'Monika', '', 'Schröder'), (27, 'Ms', 'Jana', '', 'Köhler'), (27, 'Mr', 'Felix', '', 'Roth'),
    (28, 'Ms', 'Magdalena', '', 'Hofer'), (28, 'Mr', 'Lukas', '', 'Tschurtschenthaler'),
    (29, 'Ms', 'Emily', '', 'Thackray'), (29, 'Mr', 'George', '', 'Whitfield'),
    (30, 'Ms', 'Siobhán', '', 'O''Brien'), (30, 'Ms', 'Nuala', '', 'O''Brien'),
    (30, 'Mr', 'Liam', 'Patrick', 'O''Brien'), (31, 'Mr', 'Rajesh', '', 'Patel'),
    (31, 'Ms', 'Charlotte', '', 'Ashdown'), (31, 'Mr', 'Oliver', '', 'Kingsley'),
    (32, 'Mr', 'Hamish', '', 'MacLeod'), (32, 'Ms', 'Fiona', '', 'Drummond'),
    (33, 'Dr', 'Rhys', '', 'Llewellyn'), (33, 'Ms', 'Megan', '', 'Price'),
    (34, 'Mr', 'Edward', 'James', 'Wren'), (34, 'Ms', 'Zoë', '', 'Hartley-Jones'),
    (34, 'Mr', 'Kwame', '', 'Mensah'), (35, 'Mr', 'Simon', '', 'Holroyd'),
    (35, 'Ms', 'Grace', '', 'Ollerenshaw'), (36, 'Mr', 'Jack', '', 'Tremlett'),
    (36, 'Ms', 'Imogen', '', 'Chard'), (37, 'Mr', 'Seán', '', 'Ó Conaire'), (37, 'Ms', 'Aoife', '', 'Kenny'),
    (38, 'Ms', 'Hélène', '', 'Béranger'), (38, 'Mr', 'François', '', 'Noël'),
    (39, 'Ms', 'Ελένη', '', 'Παπαδοπούλου'), (39, 'Mr', 'Nikos', '', 'Stavrou'), (40, 'Mr', '健太', '', '田中'),
    (40, 'Ms', 'Yuki', '', 'Mori'), (2, 'Mr', 'Eivind', '', 'Tveit'), (9, 'Ms', 'Pernille', '', 'Rød'),
    (12, 'Mr', 'Stein', '', 'Falkanger'), (21, 'Ms', 'Heike', '', 'Zoller'), (25, 'Mr', 'Jörg', '', 'Fuchs'),
    (30, 'Mr', 'Declan', '', 'Byrne'), (34, 'Ms', 'Priya', '', 'Raman'), (35, 'Mr', 'Tom', '', 'Sugden'),
    (31, 'Ms', 'Hannah', '', 'Cole'), (16, 'Ms', 'Ebba', '', 'Lilja'), (0, 'Ms', 'Astrid', '', 'Lømo'),
    (0, 'Mr', 'Magne', '', 'Røed'), (0, 'Mr', 'Gustav', '', 'Söderberg'), (0, 'Ms', 'Ute', '', 'Kühn'),
    (0, 'Mr', 'Walter', '', 'Pohl'), (0, 'Ms', 'Margaret', 'Ann', 'Fairclough'),
    (0, 'Mr', 'Desmond', '', 'Achebe'), (0, 'Ms', 'Renée', '', 'Dubois'),
    (0, 'Mr', 'Arthur', '', 'Pendleton'), (0, 'Ms', 'Karin', '', 'Grøndahl')
    ) AS v (contact_id, mrmrs, firstname, middlename, lastname);

-- The countries of private customers, and mailboxes that a name does not give.
INSERT INTO person (person_id, position_name, mrmrs, firstname, middlename, lastname, title, description,
                    email, email_name, direct_phone, fax_phone, mobile_phone, country_id, contact_id,
                    contact_name, contact_department, contact_country_id, contact_orgnr, contact_phone,
                    contact_fax, retired, rank, activeinterests, associate_id, associate_name,
                    usepersonaddress, kanafname, kanalname, post1, post2, activeerplinks, ticketpriorityid,
                    supportlanguageid, supportassociateid, category_name, person_number)
SELECT p.person_id, w.position_name, p.mrmrs, p.firstname, p.middlename, p.lastname,
       CASE WHEN w.place = 1 AND p.contact_id > 1 THEN 'Owner' ELSE '' END,
       CASE WHEN p.person_id % 15 = 0 THEN 'Prefers to be called in the morning.' ELSE '' END,
       coalesce(m.mailbox, lower(translate(n.ascii, 'ÅåÄäÁáÖöØøÓóÜüÉéëèíçş ''', 'AaAaAaOoOoOoUuEeeeics-')))
           || '@' || coalesce(substr(c.email_address, 6), 'mail.example'),
       CASE WHEN c.contact_id IS NULL THEN 'Private' ELSE 'Work' END,
       CASE WHEN p.person_id % 2 = 0
            THEN coalesce(left(c.direct_phone, -2) || p.person_id % 90 + 10, '') ELSE '' END,
       CASE WHEN p.person_id % 20 = 0 THEN coalesce(left(c.direct_phone, -2) || '99', '') ELSE '' END,
       l.mobile_prefix || right('00' || p.person_id, l.mobile_digits),
       l.country_id, p.contact_id, coalesce(c.name, ''), coalesce(c.department, ''),
       coalesce(c.country_id, 0), coalesce(c.orgnr, ''), coalesce(c.direct_phone, ''),
       CASE WHEN c.contact_id % 10 = 0 THEN left(c.direct_phone, -2) || '99' ELSE '' END,
       CASE WHEN p.person_id IN (5, 17, 45, 81) THEN 1 ELSE 0 END, w.place,
       p.person_id % 3, a.associate_id, a.name, c.contact_id IS NULL, coalesce(m.kana_first, ''),
       coalesce(m.kana_last, ''), coalesce(m.post1, ''), coalesce(m.post2, ''),
       CASE WHEN c.activeerplinks > 0 AND w.place = 1 THEN 1 ELSE 0 END, 1 + p.person_id % 3,
       CASE l.language WHEN 'no' THEN 2 WHEN 'de' THEN 3 ELSE 1 END,
       CASE WHEN c.contact_id = 1 THEN 0 ELSE 1 + p.person_id % 2 END,
       CASE WHEN c.contact_id = 1 THEN 'Employee' WHEN w.place = 1 THEN 'Decision maker' ELSE 'User' END,
       CASE WHEN p.person_id % 6 = 0 THEN 'P-' || (5000 + p.person_id) ELSE '' END
  FROM people p
  LEFT JOIN contact c ON c.contact_id = p.contact_id
  LEFT JOIN (VALUES ('Lømo', 578), ('Røed', 578), ('Söderberg', 752), ('Kühn', 276),
                    ('Pohl', 40), ('Dubois', 250), ('Fairclough', 826), ('Achebe', 826),
                    ('Pendleton', 826), ('Grøndahl', 578))
       AS abode (lastname, country_id) ON abode.lastname = p.lastname AND p.contact_id = 0
  LEFT JOIN (VALUES ('Παπαδοπούλου', 'eleni.papadopoulou', '', '', '', ''),
                    ('田中', 'kenta.tanaka', 'ケンタ', 'タナカ', '大阪府大阪市北区', '梅田2-8-1'))
       AS m (lastname, mailbox, kana_first, kana_last, post1, post2) ON m.lastname = p.lastname
  JOIN land l ON l.country_id = coalesce(c.country_id, abode.country_id)
  JOIN associate a ON a.associate_id = coalesce(c.associate_id, 1)
 CROSS JOIN LATERAL (
           SELECT replace(replace(p.firstname || '.' || p.lastname, 'æ', 'ae'), 'ß', 'ss') AS latin) AS x
 CROSS JOIN LATERAL (SELECT count(*) AS place,
                            CASE l.language
                            WHEN 'de' THEN replace(replace(replace(x.latin, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue')
                            ELSE x.latin END AS ascii
                       FROM people q WHERE q.contact_id = p.contact_id AND q.person_id <= p.person_id) AS n
 CROSS JOIN LATERAL (SELECT n.place, CASE WHEN p.contact_id = 0 THEN ''
                     ELSE (ARRAY['Managing director', 'Accountant', 'IT manager', 'Secretary', 'Purchaser',
                                 'Consultant', 'Sales'])
                          [CASE p.contact_id WHEN 1 THEN 6 ELSE n.place * (1 + p.contact_id % 2)
                                                                - p.contact_id % 2 END]
                     END AS position_name) AS w
 ORDER BY p.person_id;

-- Projects and sales ----------------------------------------------------------------------------------------

-- Midnight in the base zone, and the working days before today, yesterday's first.
CREATE TEMP TABLE clock ON COMMIT DROP AS
SELECT date_trunc('second', now()) AS loaded, date_trunc('day', now() AT TIME ZONE :'zone') AS today;

CREATE TEMP TABLE workday ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY day DESC) AS back, day
  FROM clock, generate_series(today - interval '62 days', today - interval '1 day', interval '1 day') AS day
 WHERE extract(isodow FROM day) < 6;

-- Start and end are days from today; an open end is that of all times.
INSERT INTO project (project_id, name, description, url, url_name, type_idx, type_name, associate_id,
                     associate_full_name, updated, status_idx, status_name, text_id, publish_from, publish_to,
                     is_published, project_number, activeerplinks, event_id, startdate)
SELECT p.id, p.name, p.description,
       CASE WHEN p.published THEN 'https://www.nordavind.example/p/' || p.id ELSE '' END,
       CASE WHEN p.published THEN 'Project page' ELSE '' END, p.type_idx, p.type_name, p.owner, a.full_name,
       (loaded - p.id * interval '29 hours') AT TIME ZONE 'UTC', p.status_idx, p.status_name, 600 + p.id,
       CASE WHEN p.published THEN today + p.first * interval '1 day' END,
       CASE WHEN p.published THEN coalesce(today + p.last * interval '1 day', '9999-12-31 23:59:59') END,
       p.published, 'PR-' || (2000 + p.id), 0, CASE p.type_idx WHEN 3 THEN 70 + p.id ELSE 0 END,
       today + p.first * interval '1 day' + interval '9 hours'
  FROM (VALUES
    (1, 'Portal 9 roll-out', 'Moves all customers to version 9 of the portal.', 1, 'Roll-out', 2, 'Running',
        3, true, -90, NULL),
    (2, 'Office network Bergen', 'New switches and wireless network for Fjordlaks.', 2, 'Installation', 2,
        'Running', 2, false, -40, 30),
    (3, 'User day', 'Talks, lunch and a look at what is coming.', 3, 'Event', 1, 'Planned', 9, true,
        45, 46),
    (4, 'Printer replacement', 'Old printers go back, leased ones come in.', 2, 'Installation', 2, 'Running',
        2, false, -75, 15),
    (5, 'Backup to two sites', 'Every backup is kept in Oslo and in Trondheim.', 1, 'Roll-out', 4, 'On hold',
        4, false, -120, 60),
    (6, 'Müller & Söhne: Umzug', 'The move of the Stuttgart office to its new building.', 2, 'Installation',
        3, 'Finished', 1, false, -150, -20),
    (7, 'Two-factor log-in', 'Everybody logs in with a second factor.', 1, 'Roll-out', 2, 'Running', 4, true,
        -60, 120),
    (8, 'Laptop campaign', 'Laptops at the price of last year.', 4, 'Campaign', 3, 'Finished', 9, true, -110,
        -50)
    ) AS p (id, name, description, type_idx, type_name, status_idx, status_name, owner, published, first,
            last)
  JOIN associate a ON a.associate_id = p.owner
 CROSS JOIN clock
 ORDER BY p.id;

-- Status: 1 open, 2 sold, 3 lost, 4 stalled.  Currency and person follow from the company.
INSERT INTO sale (sale_id, heading, saledate, amount, probability, earning, earning_percent, currency_name,
                  status, done, description, associate_id, associate_full_name, contact_id, contact_name,
                  person_id, person_full_name, project_id, project_name, saletype_id, saletype_name,
                  nextduedate, number1, activeerplinks)
SELECT s.id, s.heading, today + s.day * interval '1 day', s.amount, s.probability,
       s.amount * s.margin / 100, s.margin, l.currency, s.status,
       CASE WHEN s.status IN (2, 3) THEN 2 ELSE 1 END,
       CASE s.status WHEN 3 THEN 'They chose others.' WHEN 4 THEN 'Waits for the next budget.' ELSE '' END,
       9, a.full_name, c.contact_id, c.name, p.person_id, p.full_name, coalesce(j.project_id, 0),
       coalesce(j.name, ''), s.kind, (ARRAY['Hardware', 'Licences', 'Service agreement', 'Upgrade'])[s.kind],
       CASE s.status WHEN 1 THEN today + (s.day / 2 + 1) * interval '1 day' + interval '10 hours' END,
       'S-' || (3000 + s.id), CASE s.status WHEN 2 THEN 1 ELSE 0 END
  FROM (VALUES
    (1, 2, 'Switches and wireless network', 148500, 100, 22, 2, 1, 2, -38),
    (2, 2, 'Service agreement, three years', 96000, 70, 45, 1, 3, 0, 20),
    (3, 3, '12 laptops', 131880, 100, 12.5, 2, 1, 8, -52),
    (4, 4, 'Label printers', 18700, 40, 18, 1, 1, 4, 14),
    (5, 5, 'Upgrade to version 9', 24900, 90, 60, 1, 4, 1, 9),
    (6, 8, '250 licences', 412500, 60, 55, 1, 2, 1, 33),
    (7, 8, 'Screens for the control room', 87250.5, 100, 15, 2, 1, 0, -17),
    (8, 10, '30 licences', 52500, 0, 55, 3, 2, 0, -25),
    (9, 11, 'Laptops for the saw mill', 64300, 25, 14, 4, 1, 8, 90),
    (10, 14, 'Two-factor keys', 15900, 100, 30, 2, 1, 7, -8),
    (11, 15, 'Drawing office workstations', 210000, 50, 11, 1, 1, 0, 25),
    (12, 18, 'Tills and card readers', 74990, 20, 16, 1, 1, 0, 40),
    (13, 21, 'Umzug des Rechenzentrums', 38400, 100, 35, 2, 3, 6, -45),
    (14, 22, '60 Lizenzen', 9900, 80, 55, 1, 2, 0, 12),
    (15, 24, 'Wartungsvertrag', 7200, 0, 45, 3, 3, 0, -30),
    (16, 26, 'Angebot Version 9', 46200, 30, 60, 1, 4, 1, 50),
    (17, 30, 'Tablets for the sites', 11340.75, 100, 13, 2, 1, 0, -5),
    (18, 31, 'Handheld scanners', 27600, 65, 17, 1, 1, 0, 18),
    (19, 34, '80 licences', 14400, 45, 55, 4, 2, 0, 75),
    (20, 36, 'Hire of a video wall', 6050, 10, 20, 1, 3, 3, 46)
    ) AS s (id, contact_id, heading, amount, probability, margin, status, kind, project_id, day)
  JOIN contact c USING (contact_id)
  JOIN land l USING (country_id)
  JOIN person p ON p.person_id = (SELECT min(q.person_id) FROM person q WHERE q.contact_id = c.contact_id)
  LEFT JOIN project j ON j.project_id = s.project_id
  JOIN associate a ON a.associate_id = 9
 CROSS JOIN clock
 ORDER BY s.id;

-- What is said ----------------------------------------------------------------------------------------------

-- The letters that lines of the dialogues begin with, and the seconds a line takes: to begin, and per letter.
CREATE TEMP TABLE side ON COMMIT DROP AS
SELECT *
  FROM (VALUES ('c', 2, 0, 'customer', 12, 0.5),
               ('a', 1, 0, 'agent', 30, 0.4),
               ('w', 3, 1, 'agent', 25, 0),         -- Welcome: the agent picks the session up
               ('t', 3, 6, 'agent', 35, 0),         -- TransferedSession: from another agent
               ('r', 3, 13, 'other', 40, 0),        -- TransferRejected
               ('f', 3, 9, 'system', 1, 0),         -- FaqSuccessQuestion
               ('u', 3, 10, 'agent', 9, 0),         -- ClosedByUser
               ('x', 3, 11, 'customer', 14, 0),     -- ClosedByCustomer
               ('i', 3, 12, 'system', 1200, 0),     -- ClosedByIdle
               ('n', 3, 14, 'customer', 95, 0),     -- ReopenedByCustomer
               ('k', 3, 15, 'customer', 7, 0),      -- ClickedOption
               ('b', 3, 16, 'bot', 2, 0),           -- BotMessage
               ('o', 3, 17, 'bot', 1, 0))           -- Options, which stand behind the text
       AS s (side, type, special_type, speaker, seconds, per_letter);

-- What those without a text of their own say.  Of "w" it is the topic's welcome message.
CREATE TEMP TABLE standing ON COMMIT DROP AS
SELECT *
  FROM (VALUES ('u', 'en', 'The chat was ended by {agent}.'),
               ('u', 'no', 'Chatten ble avsluttet av {agent}.'),
               ('u', 'de', 'Der Chat wurde von {agent} beendet.'),
               ('x', 'en', 'The chat was ended by the customer.'),
               ('x', 'no', 'Chatten ble avsluttet av kunden.'),
               ('x', 'de', 'Der Chat wurde vom Kunden beendet.'),
               ('i', 'en', 'The chat was ended because nothing was written for a while.'),
               ('i', 'no', 'Chatten ble avsluttet fordi det ikke ble skrevet noe på en stund.'),
               ('i', 'de', 'Der Chat wurde beendet, weil lange nichts geschrieben wurde.'),
               ('n', 'en', 'The customer has come back.'))
       AS s (side, language, text);

-- Kinds: chat, from the first word to the last; left, the customer leaves the queue; request, the customer
-- turns the waiting into a request; faq, the customer is shown an article.
-- {customer} and {agent} are their first names, {other} is the agent's colleague.
CREATE TEMP TABLE dialogue ON COMMIT DROP AS
SELECT *
  FROM (VALUES
(1, 'chat', 1, 'en', 'Password expired', $$
c Hello, I can't log in to the customer portal any more. It says that my password has expired.
w
a Hi {customer}, let me look at your user. Did you get an e-mail with a link to choose a new password?
c No, nothing at all. I looked in the spam folder too.
a It went to an old address of yours. I have corrected that and sent a new link just now.
c Got it. And now I am in. Thanks a lot!
a You're welcome. Have a nice day!
x$$),
(2, 'chat', 1, 'en', 'Printer prints blank pages', $$
c Our printer prints blank pages since this morning.
w
a Good morning {customer}. Is that the big one in the hallway, or one of the small ones?
c The big one. We changed the toner yesterday.
a Then the orange strip may still be on the cartridge. Could you take it out and look at its left side?
c Oh dear. There is an orange strip.
a Pull it off in one go, put the cartridge back, and print a test page from the menu.
c It prints. I feel silly now.
a No need to, it happens once a week somewhere.
u$$),
(3, 'chat', 1, 'en', 'VPN drops every ten minutes', $$
w
c The VPN throws me out every ten minutes or so. I work from home today.
a That is annoying. Which version does the client show under <b>Help, About</b>?
c 5.1.2
a 5.2 corrects exactly this. I am putting it on your PC now; you will be disconnected once.
c Ok, I am back. It says 5.2.0.
a Fine. Please write again if it drops once more.
u$$),
(4, 'chat', 1, 'no', 'VPN fra hjemmekontor', $$
c Hei, jeg får ikke koblet til VPN fra hjemmekontoret. Feilkode 809.
w
a Hei {customer}! Har du byttet ruter eller internettleverandør i det siste?
c Ja, vi fikk fiber i går.
a Da blokkerer nok den nye ruteren. Slå på «VPN passthrough» i innstillingene dens, så prøver vi igjen.
c Fant det under Avansert. Nå virker det! Tusen takk.
a Så bra. Ha en fin dag!
x$$),
(5, 'chat', 1, 'no', 'Glemt passord', $$
c Jeg har glemt passordet til kundeportalen, og lenken jeg fikk er utløpt.
w
a Hei {customer}, den varer bare i én time. Jeg sender en ny nå, til den e-postadressen du er registrert med.
c Den kom. Må passordet ha spesialtegn?
a Nei, men minst tolv tegn. En liten setning er fin å huske.
c Da er jeg inne igjen.
u$$),
(6, 'chat', 1, 'de', 'Drucker ist offline', $$
c Guten Tag, unser Drucker im Lager wird seit heute früh als offline angezeigt.
w
a Guten Tag {customer}. Leuchtet am Drucker die Netzwerklampe?
c Nein, die ist aus.
a Dann prüfen Sie bitte das Kabel zur Wanddose. Gestern war bei Ihnen der Elektriker, steht in meinen Notizen.
c Stimmt, das Kabel hing lose herunter. Jetzt druckt er wieder.
a Wunderbar. Kann ich sonst noch etwas für Sie tun?
c Nein danke, das war alles.
x$$),
(7, 'chat', 1, 'de', 'Anmeldung am Portal', $$
c Ich kann mich nicht am Portal anmelden, es kommt „Benutzer gesperrt“.
w
a Nach fünf falschen Kennwörtern wird der Zugang für eine Stunde gesperrt. Ich hebe das für Sie auf.
c Danke. Das war wohl mein Handy, da steht noch das alte Kennwort.
a Genau, bitte dort auch ändern, sonst passiert es gleich wieder. Der Zugang ist jetzt frei.
c Klappt, vielen Dank!
u$$),
(8, 'chat', 1, 'en', 'Upgrade to version 9', $$
w
c Hi! When will we be upgraded to version 9 of the portal?
a Hello {customer}. Your company is in the group of next Tuesday, between 18:00 and 20:00.
c Do we have to install anything?
a No. Only if you use the Outlook add-in: it asks to be updated when you start it the next morning.
c And our own reports?
a They stay as they are. I have looked at yours, none of them uses a field that has gone.
c Great, thank you.
x$$),
(9, 'chat', 1, 'en', 'Calendar does not synchronise', $$
c My calendar on the phone does not show the meetings that I enter on the PC.
w
a Let's see. What phone is it, and since when does it happen?
c An Android one. Since I changed my password, I think.
a Please open Settings, Accounts, remove the work account there and add it again with the new password.
i$$),
(10, 'chat', 1, 'en', 'Second factor on a new phone', $$
c I have a new phone and the app with the log-in codes is empty.
c I am locked out of everything. Can somebody help quickly, please?
w
a Hi {customer}. I have to be sure that it is you. May I call you on the number that we have?
c Yes, please do.
a Thank you for answering. I have removed the old phone; at the next log-in you see a code to scan.
c Scanned, and I am in. That was quick!
u$$),
(11, 'chat', 1, 'en', 'Laptop has not arrived', $$
c We ordered a laptop for a new colleague who starts on Monday, and it has not come yet.
c The order number is 48211.
w
a Thank you, I have it here. The parcel was handed to the carrier yesterday and is due tomorrow before noon.
c Is there a tracking number?
a Yes, I have just sent it to your e-mail address. Shall we set the machine up remotely when it is there?
c That would be great.
a Then I have made a note for tomorrow at two o'clock.
x$$),
(12, 'chat', 1, 'no', 'Skjermen flimrer', $$
c Skjermen min flimrer når jeg kobler til dokken.
w
a Hei! Det høres ut som en driver. {other} hos oss kan dokkene best, jeg setter deg over.
t {agent} har overtatt chatten.
a Hei {customer}, {agent} her. Hvilken modell står det på undersiden av dokken?
c DK-310.
a Den trenger ny fastvare. Jeg legger den ut til deg nå, det tar ca. fem minutter.
c Nå er bildet helt rolig. Supert!
u$$),
(13, 'chat', 1, 'en', 'Backup failed', $$
w
c I got a mail that last night's backup of our file server failed. Should I worry?
a Let me check the log. I am asking {other} to look at it together with you.
r {other} could not take over the chat.
a My colleague is busy, so I have looked myself: the disk was full at 02:14. I have removed old snapshots.
c So there is no backup of yesterday?
a There will be one in an hour, I have started it by hand. The one of the night before is complete.
c Good. Thanks for the quick help.
u$$),
(14, 'chat', 1, 'en', 'Export to a spreadsheet', $$
c Is there a way to get the list of our devices as a spreadsheet?
w
a Yes: open Devices in the portal, choose the columns you want, and press the arrow at the top right.
c It only exports 100 rows. We have about 340.
a Hold Shift while you press it, then it takes all of them. We will make that easier to find.
c Ha, I would never have guessed. Works fine!
x$$),
(15, 'chat', 1, 'no', 'Forsinket levering', $$
c Vi venter fortsatt på de tre skjermene vi bestilte for to uker siden.
w
a Hei {customer}. Jeg ser at to av dem ligger på lager i Oslo, den tredje kommer først på fredag.
c Kan dere sende de to nå?
a Ja, de går i kveld med bud, uten ekstra kostnad. Den siste følger på mandag.
c Flott, da ordner det seg.
x$$),
(16, 'chat', 1, 'de', 'VPN ist sehr langsam', $$
c Die VPN-Verbindung ist heute extrem langsam, Dateien öffnen sich erst nach Minuten.
w
a Guten Tag {customer}, arbeiten Sie gerade über WLAN oder über Kabel?
c WLAN, im Hotel.
a Viele Hotels bremsen VPN. Stellen Sie im Client bitte das Protokoll auf „TCP 443“ und verbinden Sie neu.
i$$),
(17, 'chat', 1, 'en', 'Scanner sends no e-mail', $$
c The scanner says "sent", but no e-mail arrives.
w
a I see it in our log: the attachment is over 25 MB. Please set the scanner to 300 dpi instead of 600.
c Ok, I will try that later.
u
n
c Me again. With 300 dpi it works, but now the pages are in the wrong order.
a Switch off "Duplex" under Source: your originals have one side only.
c That was it. Now I am really done, thank you.
x$$),
(18, 'chat', 2, 'en', 'Invoice with a wrong amount', $$
c Invoice 100482 is wrong: it has 14 licences, but we have 12.
w
a Let me compare. You are right, two were cancelled in March and should not be on it.
c What happens now?
a You get a credit note for the two, and the next invoice will be correct. The credit note goes out today.
c Can I pay the difference only?
a Yes, just pay the invoice minus the credit note. I have noted it on your account.
u$$),
(19, 'chat', 2, 'en', 'Refund for a returned screen', $$
c We sent a screen back three weeks ago and still have not got our money.
w
a Hi {customer}, I am sorry about that. Do you have the return number at hand?
c R-2207
a Found it. The screen was checked in, but the refund stopped because your bank account had changed.
c We moved to another bank in the spring, yes.
a I am sending you a form for the new account number. After that it takes two working days.
c All right, I will fill it in at once.
x$$),
(20, 'chat', 2, 'no', 'Feil adresse på faktura', $$
c Fakturaen går fortsatt til den gamle adressen vår, kan dere rette det?
w
a Hei {customer}! Det skal vi få til. Er det EHF eller e-post dere helst vil ha?
c EHF, takk. Organisasjonsnummeret er det samme.
a Da er det endret fra og med neste faktura. Skal jeg sende den siste på nytt også?
c Ja, gjerne.
a Gjort. Den ligger hos dere om noen minutter.
u$$),
(21, 'chat', 2, 'de', 'Rechnung doppelt abgebucht', $$
c Die Rechnung 100391 wurde bei uns zweimal abgebucht.
w
a Das tut mir leid. Ich sehe zwei Lastschriften vom selben Tag, die zweite war ein Fehler unserer Bank.
c Bekommen wir das zurück oder müssen wir die Lastschrift zurückgeben?
a Bitte nicht zurückgeben: Der Betrag ist heute früh angewiesen worden und morgen bei Ihnen.
c Gut, dann warte ich bis morgen. Danke für die Auskunft.
x$$),
(22, 'chat', 2, 'en', 'Reminder although paid', $$
c I have just received a reminder for invoice 100455. We paid it last week!
c I can send you the receipt of the bank.
w
a Thank you {customer}, that will not be necessary: the payment is here, but without the reference number.
c Oh. So it is settled?
a Yes, I have matched it by hand and the reminder is withdrawn. You will not be charged for it.
c Perfect.
u$$),
(23, 'chat', 2, 'en', 'Purchase order number', $$
w
c Our accounting needs the purchase order number on every invoice. Is that possible?
a Of course. Is it one number for the whole year, or a new one each time?
c One for the year: PO-7719.
a It is on your account now. The invoices that are already out can't be changed, but I can list them for you.
c Please do, by e-mail.
u$$),
(24, 'chat', 2, 'de', 'Gutschrift fehlt', $$
c Guten Morgen, uns fehlt noch die Gutschrift für die zurückgesandte Tastatur.
w
a Guten Morgen {customer}. Die Rücksendung ist am Montag eingetroffen, die Gutschrift wird heute erstellt.
c Könnten Sie sie bitte direkt an die Buchhaltung schicken?
a Gern, die Adresse habe ich von Ihrer letzten Rechnung. Sie bekommt auch eine Kopie als PDF.
c Vielen Dank, schönen Tag noch.
u$$),
(25, 'chat', 3, 'en', 'Prices of the service agreement', $$
b Hello, I am Frøya, the bot of the sales team.
o What can I do for you? ["Prices", "A demonstration", "Something else"]
k Prices
c What does the service agreement cost for 40 PCs?
b I will ask a colleague to answer that. Please wait a moment.
w
a Hi {customer}. For 40 PCs it is 190 a month and PC with on-site service, 120 without.
c Is there a discount for three years?
a Ten per cent. Shall I send you both offers in writing?
c Yes please, valid until the end of the month if possible.
u$$),
(26, 'chat', 3, 'en', 'Demonstration', $$
b Hello, I am Frøya, the bot of the sales team. What can I do for you?
c I would like to see a demonstration of version 9.
o Which day suits you? ["Tuesday 10:00", "Thursday 14:00"]
k Thursday 14:00
b Booked: Thursday at 14:00. What e-mail address shall I send the link to?
c The one I am logged in with.
b Done. See you on Thursday!$$),
(27, 'chat', 3, 'no', 'Tilbud på bærbare', $$
b Hei, jeg er Frøya, salgsteamets bot. Hva kan jeg hjelpe deg med?
c Vi trenger et tilbud på 15 bærbare med tre års garanti.
b Det svarer en kollega best på. Et øyeblikk, jeg finner en.
w
a Hei {customer}! Skal de ha 14 eller 16 tommers skjerm?
c 14 tommer, de reiser mye.
a Da har vi én modell på lager. Tilbudet kommer på e-post i løpet av dagen.
c Topp, takk skal du ha.
x$$),
(28, 'chat', 3, 'de', 'Mehr Lizenzen', $$
b Hallo, ich bin Frøya, der Bot des Vertriebs. Wobei kann ich helfen?
c Wir brauchen ab dem nächsten Monat zehn Lizenzen mehr.
b Das kann eine Kollegin oder ein Kollege direkt für Sie buchen. Einen Moment bitte.
w
a Guten Tag {customer}. Zehn weitere zum selben Preis, ab dem Ersten, Laufzeit wie die anderen: richtig so?
c Genau so.
a Dann ist es gebucht. Die Bestätigung ist unterwegs.
u$$),
(29, 'chat', 3, 'en', 'Difference between two editions', $$
b Hello, I am Frøya, the bot of the sales team. What can I do for you?
c What is the difference between the Standard and the Plus edition?
b Plus has the reports, the interface for other programs, and support until 20:00.
c And can we change from one to the other within the year?
b That is a question for a colleague. I am looking for one.
w
a Hello {customer}. Upwards at any time, you pay the difference. Downwards when the year is over.
c Clear. We will start with Standard then.
a A good choice for a start. Here is the order form: https://www.nordavind.example/order
x$$),
(30, 'chat', 3, 'en', 'Opening hours of the shop', $$
b Hello, I am Frøya, the bot of the sales team. What can I do for you?
c Can I pick an order up at your office on Saturday?
b Our office in Storgata 14 is open from Monday to Friday, 8 to 16. On Saturdays it is closed.
c Ok, then I come on Monday.
b You are welcome. Please bring the order number.$$),
(31, 'left', 1, 'en', 'Log-in page stays white', $$
c Hello? The log-in page stays white in my browser.
c It works in the other browser. Never mind.
x$$),
(32, 'left', 1, 'no', 'Tastaturet virker ikke', $$
c Hei, det trådløse tastaturet mitt virker ikke.
i$$),
(33, 'left', 2, 'en', 'Copy of an invoice', $$
c Could I have a copy of the invoice of January?
c I found it in the portal, thanks anyway.
x$$),
(34, 'request', 1, 'en', 'Mailbox is full', $$
c My mailbox is full and I can't send anything.
c I have a meeting now. Please write to me instead.$$),
(35, 'request', 2, 'de', 'Zahlungsziel ändern', $$
c Wir möchten unser Zahlungsziel von 14 auf 30 Tage ändern.
c Ich kann nicht länger warten, bitte melden Sie sich per E-Mail.$$),
(36, 'request', 1, 'no', 'Ny ansatt trenger tilgang', $$
c Vi har en ny ansatt som trenger tilgang til regnskapssystemet fra mandag.
c Jeg legger det inn som en sak i stedet.$$),
(37, 'faq', 1, 'en', 'Change of password', $$
c How do I change my password?
f We have found this article: <b>Choosing a new password</b>. Does it answer your question?$$),
(38, 'faq', 1, 'no', 'Skrivere', $$
c Hvordan legger jeg til en skriver?
f Vi fant denne artikkelen: <b>Legge til en skriver</b>. Fikk du svar på spørsmålet ditt?$$)
    ) AS d (dialogue, kind, topic_id, language, title, lines);

CREATE TEMP TABLE turn ON COMMIT DROP AS
SELECT d.dialogue, l.place::integer, left(l.line, 1) AS side,
       coalesce(nullif(substring(l.line FROM '^..([^[]*[^[ ])'), ''), s.text, t.welcome_message) AS text,
       coalesce(substring(l.line FROM '\[.*\]$'), '') AS param
  FROM dialogue d
  JOIN chat_topic t ON t.id = d.topic_id
 CROSS JOIN regexp_split_to_table(ltrim(d.lines, E'\n'), '\n') WITH ORDINALITY AS l (line, place)
  LEFT JOIN standing s ON s.side = left(l.line, 1) AND s.language = d.language;

-- Which sessions there are ----------------------------------------------------------------------------------

-- No dialogue: nobody said a word.  turns: as far as it has come; NULL is to its end.
-- asked: when the customer came.  ago: how long ago the last thing happened, for those of today.
-- guest: what a customer gave as his name whom we do not know.
CREATE TEMP TABLE planned (
    no           integer PRIMARY KEY,
    status       integer NOT NULL,
    topic_id     integer NOT NULL,
    dialogue     integer,
    turns        integer,
    agent        integer,
    transfer_to  integer,
    guest        text,
    asked        timestamptz,
    ago          interval
) ON COMMIT DROP;

-- The past: 140 sessions on the last 42 working days, three or four a day, by turns on all dialogues.
-- Most are finished; petra answered some before she left.
INSERT INTO planned (no, status, topic_id, dialogue, agent, guest, asked)
SELECT p.no, p.status, coalesce(d.topic_id, 1 + p.no / 40 % 2), p.dialogue,
       CASE WHEN d.topic_id = 3 THEN 2 WHEN p.no <= 40 AND p.no % 4 = 1 THEN 5
            WHEN d.topic_id = 2 THEN 1 ELSE 1 + p.no % 2 END,
       CASE WHEN p.no % 8 = 3 THEN (ARRAY['Sam', '', 'Kim Lee', 'Alex', ''])[1 + p.no / 8 % 5] END,
       (w.day + interval '8 hours 5 minutes' + p.slot * interval '110 minutes'
        + p.no * 37 % 90 * interval '1 minute' + p.no * 23 % 60 * interval '1 second') AT TIME ZONE :'zone'
  FROM (SELECT no, status, 42 - (no - 1) * 3 / 10 AS back, (no - 1) * 3 % 10 / 3 AS slot,
               CASE status WHEN 10 THEN CASE WHEN no / 20 % 2 = 1 THEN 34 + no / 20 % 3 END
                           WHEN 11 THEN CASE WHEN no / 20 % 2 = 1 THEN 31 + no / 20 % 3 END
                           ELSE 1 + no * 7 % 30 END AS dialogue
          FROM (SELECT no, CASE no % 20 WHEN 4 THEN 9 WHEN 8 THEN 10 WHEN 15 THEN 11 ELSE 7 END AS status
                  FROM generate_series(1, 140) AS no) AS s) AS p
  JOIN workday w ON w.back = p.back
  LEFT JOIN dialogue d ON d.dialogue = p.dialogue;

-- Today.
INSERT INTO planned (no, status, ago, topic_id, dialogue, turns, agent, transfer_to, guest)
SELECT 140 + row_number() OVER (ORDER BY v.place), v.status, v.ago::interval, v.topic_id, v.dialogue, v.turns,
       a.associate_id, b.associate_id, v.guest
  FROM (VALUES
    -- ended, some of them deleted by now
    (1, 7, '07:52:00', 1, 4, NULL, 'otto', NULL, NULL), (2, 7, '07:20:00', 2, 18, NULL, 'anna', NULL, NULL),
    (3, 8, '06:55:00', 1, 7, NULL, 'otto', NULL, NULL), (4, 11, '06:40:00', 1, NULL, NULL, NULL, NULL, NULL),
    (5, 7, '06:05:00', 1, 2, NULL, 'anna', NULL, 'Sam'), (6, 10, '05:50:00', 1, 34, NULL, NULL, NULL, NULL),
    (7, 7, '05:21:00', 3, 29, NULL, 'otto', NULL, NULL), (8, 9, '04:58:00', 1, 10, NULL, 'otto', NULL, NULL),
    (9, 7, '04:30:00', 2, 20, NULL, 'anna', NULL, NULL), (10, 8, '04:02:00', 1, 14, NULL, 'anna', NULL, ''),
    (11, 10, '03:47:00', 2, NULL, NULL, NULL, NULL, 'Robin'),
    (12, 7, '03:15:00', 1, 13, NULL, 'anna', NULL, NULL),
    (13, 7, '02:50:00', 3, 26, NULL, NULL, NULL, NULL), (14, 8, '02:31:00', 1, 9, NULL, 'otto', NULL, NULL),
    (15, 11, '02:08:00', 1, 31, NULL, NULL, NULL, NULL), (16, 9, '01:55:00', 2, 23, NULL, 'anna', NULL, NULL),
    (17, 7, '01:37:00', 1, 17, NULL, 'anna', NULL, NULL), (18, 10, '01:20:00', 1, 36, NULL, NULL, NULL, NULL),
    (19, 8, '01:02:00', 1, 5, NULL, 'otto', NULL, NULL), (20, 7, '00:48:00', 1, 15, NULL, 'otto', NULL, NULL),
    -- made without a status
    (21, 0, '05:10:00', 1, NULL, NULL, NULL, NULL, NULL),
    (22, 0, '00:33:00', 3, NULL, NULL, NULL, NULL, 'Test'),
    (23, 0, '00:02:40', 1, NULL, NULL, NULL, NULL, NULL),
    -- at the form before the chat
    (24, 1, '00:06:10', 1, NULL, NULL, NULL, NULL, ''), (25, 1, '00:02:15', 2, NULL, NULL, NULL, NULL, ''),
    (26, 1, '00:01:05', 1, NULL, NULL, NULL, NULL, ''), (27, 1, '00:00:20', 2, NULL, NULL, NULL, NULL, ''),
    -- reading an article
    (28, 2, '00:03:00', 1, 37, NULL, NULL, NULL, NULL), (29, 2, '00:01:30', 1, 38, NULL, NULL, NULL, NULL),
    (30, 2, '00:00:25', 1, 37, NULL, NULL, NULL, 'Alex'),
    -- at the offline form
    (31, 3, '00:41:00', 2, NULL, NULL, NULL, NULL, NULL),
    (32, 3, '00:09:30', 1, NULL, NULL, NULL, NULL, NULL),
    (33, 3, '00:04:00', 1, NULL, NULL, NULL, NULL, ''), (34, 3, '00:01:10', 2, NULL, NULL, NULL, NULL, NULL),
    -- waiting, some in silence, two after the bot
    (35, 4, '00:11:20', 1, NULL, NULL, NULL, NULL, NULL),
    (36, 4, '00:06:30', 2, NULL, NULL, NULL, NULL, NULL),
    (37, 4, '00:03:40', 1, NULL, NULL, NULL, NULL, 'Kim'),
    (38, 4, '00:00:50', 1, NULL, NULL, NULL, NULL, NULL),
    (39, 4, '00:07:15', 2, 22, 2, NULL, NULL, NULL), (40, 4, '00:04:10', 1, 10, 2, NULL, NULL, NULL),
    (41, 4, '00:03:20', 3, 27, 3, NULL, NULL, NULL), (42, 4, '00:02:05', 1, 11, 2, NULL, NULL, NULL),
    (43, 4, '00:01:15', 3, 29, 5, NULL, NULL, 'Robin'),
    -- waiting for the agent; the last one for the bot
    (44, 5, '00:00:30', 1, 1, 2, 'anna', NULL, NULL), (45, 5, '00:01:10', 1, 4, 4, 'otto', NULL, NULL),
    (46, 5, '00:00:12', 1, 8, 4, 'otto', NULL, NULL), (47, 5, '00:05:40', 1, 11, 5, 'anna', 'otto', NULL),
    (48, 5, '00:02:30', 2, 19, 6, 'anna', NULL, NULL), (49, 5, '00:00:45', 3, 27, 6, 'otto', NULL, NULL),
    (50, 5, '00:00:09', 3, 30, 4, NULL, NULL, ''),
    -- waiting for the customer; the last three are the bot's
    (51, 6, '00:03:05', 1, 2, 5, 'otto', NULL, NULL), (52, 6, '00:01:25', 1, 6, 3, 'otto', 'anna', NULL),
    (53, 6, '00:08:20', 1, 14, 3, 'anna', NULL, 'Sam'), (54, 6, '00:00:40', 2, 20, 5, 'anna', 'mia', NULL),
    (55, 6, '00:06:00', 2, 22, 4, 'anna', NULL, NULL), (56, 6, '00:02:10', 3, 25, 7, 'otto', NULL, NULL),
    (57, 6, '00:01:50', 1, 12, 5, 'anna', NULL, NULL), (58, 6, '00:00:15', 3, 26, 5, NULL, NULL, NULL),
    (59, 6, '00:12:30', 3, 25, 5, NULL, NULL, ''), (60, 6, '00:04:35', 3, 29, 3, NULL, NULL, NULL)
    ) AS v (place, status, ago, topic_id, dialogue, turns, agent, transfer_to, guest)
  LEFT JOIN associate a ON a.name = v.agent
  LEFT JOIN associate b ON b.name = v.transfer_to;

-- Every line said, and how many seconds after the customer came.
CREATE TEMP TABLE said ON COMMIT DROP AS
SELECT p.no, t.place, t.side, t.text, t.param,
       sum(s.seconds + ceil(length(t.text) * s.per_letter)
           + CASE WHEN t.side = 'w' THEN p.no * 53 % 240
                  WHEN s.per_letter > 0 THEN (p.no * 7 + t.place * 13) % 31 ELSE 0 END)
       OVER (PARTITION BY p.no ORDER BY t.place) AS seconds
  FROM planned p
  JOIN turn t ON t.dialogue = p.dialogue AND (p.turns IS NULL OR t.place <= p.turns)
  JOIN side s ON s.side = t.side;

-- Known customers, numbered within what they speak.
CREATE TEMP TABLE known ON COMMIT DROP AS
SELECT person_id, contact_id, person.country_id, full_name, firstname, language,
       row_number() OVER (PARTITION BY language ORDER BY person_id) - 1 AS place,
       count(*) OVER (PARTITION BY language) AS speakers
  FROM person
  JOIN land USING (country_id)
 WHERE person_id > 8 AND retired = 0;

-- The sessions with their times and customers, numbered as the customers came.  A known customer speaks the
-- dialogue's language; one in five has fractions of seconds.
CREATE TEMP TABLE chat ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY r.requested, p.no)::integer AS id, p.no, p.status, p.topic_id,
       p.transfer_to, p.guest, CASE WHEN h.picked_up IS NOT NULL THEN p.agent END AS agent, h.moved, d.title,
       r.requested, r.requested + h.picked_up * interval '1 second' AS started,
       r.requested + h.last * interval '1 second' AS last_said,
       CASE WHEN p.status >= 7
            THEN r.requested + interval '1 second' * (coalesce(h.last, 30)
                 + CASE WHEN h.last_side IN ('u', 'x', 'i') THEN 0 ELSE 20 + p.no * 31 % 200 END)
            END AS ended,
       CASE p.status WHEN 10 THEN 50 + count(*) FILTER (WHERE p.status = 10) OVER (ORDER BY r.requested, p.no)
            END AS request,
       h.last_side, h.bot AND h.picked_up IS NULL AND p.status <> 4 AS bot,
       q.person_id, q.contact_id, q.country_id, coalesce(q.full_name, p.guest) AS name,
       coalesce(q.firstname, nullif(split_part(p.guest, ' ', 1), '')) AS firstname
  FROM planned p
 CROSS JOIN clock
  LEFT JOIN dialogue d ON d.dialogue = p.dialogue
 CROSS JOIN LATERAL (SELECT max(seconds) AS last, max(seconds) FILTER (WHERE side = 'w') AS picked_up,
                            (array_agg(side ORDER BY place DESC))[1] AS last_side,
                            max(place) FILTER (WHERE side = 't') AS moved,
                            coalesce(bool_or(side = 'b'), false) AS bot
                       FROM said WHERE said.no = p.no) AS h
 CROSS JOIN LATERAL (SELECT coalesce(p.asked, loaded - p.ago - coalesce(h.last, 0) * interval '1 second')
                            + CASE WHEN p.no % 5 = 0 THEN p.no * 7919 % 1000000 ELSE 0 END
                            * interval '1 microsecond' AS requested) AS r
  LEFT JOIN known q ON p.guest IS NULL AND q.place = p.no * 13 % q.speakers
                       AND q.language = coalesce(d.language, (ARRAY['en', 'no', 'de'])[1 + p.no % 3]);

-- Requests, sessions, messages ------------------------------------------------------------------------------

-- Language, title, then category, base status, priority and origin by number.  The last ten are those that
-- sessions were turned into.
INSERT INTO ticket (id, title, created_at, last_changed, read_by_owner, read_by_customer, first_read_by_user,
                    activate, closed_at, replied_at, alert_timeout, deadline, created_by, created_by_name,
                    author, owned_by, owned_by_name, owned_by_associate_id, category, category_name,
                    category_fullname, slevel, priority, priority_name, status, ticket_status,
                    ticket_status_name, origin, cust_id, person_firstname, person_middle_name,
                    person_lastname, contact_id, contact_name, alert_level, connect_id, read_status,
                    time_to_reply, real_time_to_reply, time_to_close, real_time_to_close,
                    time_spent_internally, time_spent_externally, time_spent_queue,
                    real_time_spent_internally, real_time_spent_externally, real_time_spent_queue, time_spent,
                    has_attachment, num_replies, num_messages, from_address, language, sentiment,
                    sentimentconfidence, sale_id, sale_heading, project_id, project_name, form_submission_id,
                    ticket_type, ticket_type_name)
SELECT v.id, coalesce(r.title, v.title), e.created, coalesce(e.closed, e.replied, e.created),
       e.replied, e.replied + interval '25 minutes', e.created + e.first_read * interval '1 minute',
       CASE v.status WHEN 3 THEN today + (3 + v.id % 9) * interval '1 day' + interval '8 hours' END,
       e.closed, e.replied,
       CASE v.status WHEN 1 THEN loaded AT TIME ZONE :'zone' + v.id * interval '20 minutes' END,
       e.created + (ARRAY[240, 120, 48, 8])[v.priority] * interval '1 hour',
       CASE WHEN v.origin IN (4, 7) THEN o.ejuserid ELSE 1 END,
       CASE WHEN v.origin IN (4, 7) THEN o.name ELSE 'system' END,
       CASE WHEN v.origin IN (4, 7) THEN o.full_name
            ELSE coalesce(p.full_name, nullif(r.name, ''), 'Unknown sender') END,
       CASE WHEN e.owned THEN o.ejuserid ELSE 1 END, CASE WHEN e.owned THEN o.name ELSE '' END,
       CASE WHEN e.owned THEN o.associate_id ELSE 0 END,
       v.category, c.name, c.full_name, CASE v.origin WHEN 7 THEN 1 WHEN 0 THEN 0 ELSE 2 END,
       v.priority, (ARRAY['Low', 'Medium', 'High', 'Urgent'])[v.priority],
       v.status, CASE WHEN v.status = 1 AND e.replied IS NOT NULL THEN 7 ELSE v.status END,
       CASE WHEN v.status = 1 AND e.replied IS NOT NULL THEN 'Waiting for customer'
            ELSE (ARRAY['Unknown', 'Open', 'Closed', 'Postponed', 'Deleted', 'Merged', 'Spam'])[1 + v.status]
            END,
       v.origin, coalesce(p.person_id, -1), coalesce(p.firstname, ''), coalesce(p.middlename, ''),
       coalesce(p.lastname, ''), coalesce(p.contact_id, 0), coalesce(p.contact_name, ''),
       CASE WHEN v.status = 1 AND e.replied IS NULL THEN 2 ELSE 1 END,
       CASE v.status WHEN 5 THEN v.id - 1 ELSE -1 END,
       CASE WHEN e.replied IS NOT NULL THEN 1 WHEN e.owned THEN 2 ELSE 3 END,
       coalesce(e.reply, 0), coalesce(e.reply, 0), coalesce(e.close + e.weeks * 2400, 0),
       coalesce(e.close + e.weeks * 10080, 0), coalesce(e.reply, 0) * 60,
       coalesce(e.close + e.weeks * 2400 - e.reply, 0) * 60, coalesce(e.first_read, 0) * 60,
       coalesce(e.reply, 0) * 60, coalesce(e.close + e.weeks * 10080 - e.reply, 0) * 60,
       coalesce(e.first_read, 0) * 60, CASE WHEN e.replied IS NULL THEN 0 ELSE 5 + v.id % 25 END,
       v.id % 6 = 0,
       CASE WHEN e.replied IS NULL THEN 0 ELSE 1 + v.id % 3 END,
       CASE WHEN e.replied IS NULL THEN 1 ELSE 3 + v.id % 5 END,
       CASE WHEN v.origin IN (1, 8, 11, 12) THEN coalesce(p.email, 'nobody@mail.example') ELSE '' END,
       CASE p.supportlanguageid WHEN 2 THEN 'no' WHEN 3 THEN 'de' ELSE 'en' END,
       CASE WHEN v.id % 3 = 0 THEN v.id * 37 % 160 - 80 ELSE 0 END,
       CASE WHEN v.id % 3 = 0 THEN 60 + v.id % 40 ELSE 0 END,
       coalesce(s.sale_id, 0), coalesce(s.heading, ''), coalesce(s.project_id, 0),
       coalesce(s.project_name, ''), CASE v.origin WHEN 12 THEN 9000 + v.id ELSE 0 END, k.kind,
       (ARRAY['Question', 'Incident', 'Order'])[k.kind]
  FROM (VALUES
    (1, 'en', 'Old mailbox, imported', 6, 0, 1, 0), (2, 'en', 'Cannot log in to the portal', 1, 2, 3, 1),
    (3, 'en', 'Invoice 100301 has no order number', 2, 2, 2, 1),
    (4, 'en', 'Invoice 100301, second mail', 2, 5, 2, 1), (5, 'no', 'Skriveren lager striper', 3, 2, 2, 4),
    (6, 'en', 'VPN client for tablets', 4, 2, 2, 8), (7, 'en', 'Win a prize now!!!', 8, 6, 1, 1),
    (8, 'en', 'New switch for the warehouse', 3, 2, 3, 7), (9, 'de', 'Kennwort läuft ab', 1, 2, 3, 1),
    (10, 'en', 'Text message: portal down?', 6, 2, 4, 2), (11, 'en', 'Fax: order of 20 headsets', 5, 2, 2, 3),
    (12, 'en', 'Question on our page', 6, 2, 1, 5), (13, 'en', 'Mention: slow delivery', 5, 2, 2, 6),
    (14, 'no', 'Leveringstid på dokkingstasjon', 5, 2, 2, 12),
    (15, 'en', 'Answer to the mailing', 7, 2, 1, 9),
    (16, 'en', 'Disk of server NO-12 almost full', 3, 2, 4, 10),
    (17, 'en', 'Device list by interface', 6, 2, 2, 13),
    (18, 'en', 'Onboarding: new accountant', 1, 2, 2, 14),
    (19, 'de', 'Rechnung als PDF statt Papier', 2, 2, 1, 1), (20, 'en', 'Screen arrived broken', 5, 2, 3, 12),
    (21, 'en', 'Test, please ignore', 8, 4, 1, 7), (22, 'en', 'Shared mailbox for sales', 6, 2, 2, 4),
    (23, 'en', 'Access to the archive', 1, 2, 2, 8), (24, 'en', 'Access to the archive (again)', 1, 5, 2, 8),
    (25, 'no', 'Faktura mangler referanse', 2, 2, 2, 1),
    (26, 'en', 'Wireless network in the canteen', 4, 3, 1, 4), (27, 'en', 'Cheap watches', 8, 6, 1, 1),
    (28, 'de', 'Lizenzübersicht', 7, 2, 2, 12), (29, 'en', 'Door system has no network', 4, 2, 4, 4),
    (30, 'en', 'Change of bank account', 2, 2, 3, 1), (31, 'en', 'Monitor arm missing', 5, 1, 2, 1),
    (32, 'en', 'Server room too warm', 3, 1, 4, 10), (33, 'no', 'Ny bærbar til lærling', 5, 3, 2, 12),
    (34, 'en', 'Price of 25 more licences', 7, 1, 2, 1), (35, 'en', 'Sent twice', 6, 4, 1, 1),
    (36, 'de', 'Drucker druckt doppelt', 3, 1, 2, 4), (37, 'en', 'Move of the web shop', 6, 3, 3, 7),
    (38, 'en', 'Phone number shown wrongly', 4, 1, 1, 8), (39, 'en', 'Refund R-2195', 2, 1, 3, 1),
    (40, 'en', 'Refund R-2195, reminder', 2, 5, 3, 1), (41, 'en', 'Two keyboards, one works', 3, 1, 2, 12),
    (42, 'en', 'Portal in Norwegian', 6, 1, 1, 13), (43, 'en', 'VPN for the new office', 4, 3, 3, 4),
    (44, 'en', 'Invest today', 8, 6, 1, 1), (45, 'no', 'Purring på betalt faktura', 2, 1, 3, 1),
    (46, 'en', 'Second factor for everybody', 1, 1, 2, 14),
    (47, 'de', 'Telefon im Besprechungsraum', 4, 1, 2, 2), (48, 'en', 'Wrong number', 8, 4, 1, 4),
    (49, 'en', 'Toner, ten pieces', 5, 1, 2, 3), (50, 'en', 'Backup report empty', 6, 3, 2, 10),
    (51, 'en', 'Left in the offline form', 6, 2, 2, 12), (52, 'en', '', 2, 2, 2, 11),
    (53, 'en', 'Please call me back', 6, 2, 3, 12), (54, 'en', '', 6, 2, 2, 11),
    (55, 'en', 'When are you open?', 8, 2, 1, 12), (56, 'en', '', 1, 1, 2, 11),
    (57, 'en', 'Order confirmation', 5, 1, 2, 12), (58, 'en', '', 6, 1, 2, 11),
    (59, 'en', 'Invoice address', 2, 1, 2, 12), (60, 'en', '', 1, 1, 3, 11)
    ) AS v (id, language, title, category, status, priority, origin)
  JOIN (VALUES (1, 'Login', 'Support/Login'), (2, 'Invoices', 'Billing/Invoices'),
               (3, 'Hardware', 'Support/Hardware'), (4, 'Network', 'Support/Network'),
               (5, 'Delivery', 'Sales/Delivery'), (6, 'Software', 'Support/Software'),
               (7, 'Licences', 'Sales/Licences'), (8, 'Other', 'Other'))
       AS c (category, name, full_name) USING (category)
  LEFT JOIN chat r ON r.request = v.id
  LEFT JOIN known q ON v.status NOT IN (0, 6) AND q.language = v.language
                       AND q.place = (v.id - (v.status = 5)::integer) * 11 % q.speakers
  LEFT JOIN person p ON p.person_id = CASE WHEN v.id > 50 THEN r.person_id ELSE q.person_id END
  LEFT JOIN LATERAL (SELECT * FROM sale WHERE sale.contact_id = p.contact_id AND v.category IN (5, 7)
                      ORDER BY sale_id LIMIT 1) AS s ON true
  JOIN associate o
    ON o.associate_id = CASE WHEN v.category = 2 THEN 1 WHEN v.id % 9 = 0 THEN 3 ELSE 1 + v.id % 2 END
  JOIN workday w ON w.back = 43 - least(v.id, 50) * 4 / 5
 CROSS JOIN clock
 CROSS JOIN LATERAL (SELECT CASE v.category WHEN 5 THEN 3 WHEN 2 THEN 1 ELSE 1 + v.id % 2 END AS kind) AS k
 CROSS JOIN LATERAL (SELECT coalesce(r.ended AT TIME ZONE :'zone', w.day + interval '8 hours'
                                     + v.id * 97 % 300 * interval '1 minute') AS created,
                            v.id < 58 AND (v.status <> 1 OR v.id % 4 > 0) AS owned,
                            15 + v.id * 41 % 135 AS reply,
                            CASE v.status WHEN 2 THEN v.id % 2 ELSE 0 END AS weeks) AS t
 -- In minutes; the same in office time but for the weeks, which have 2400.
 CROSS JOIN LATERAL (SELECT t.created, t.owned, t.weeks,
                            CASE WHEN t.owned THEN 3 + v.id * 7 % 12 END AS first_read,
                            CASE WHEN t.owned AND v.status IN (1, 2, 3) THEN t.reply END AS reply,
                            CASE WHEN v.status IN (2, 4, 5, 6) THEN t.reply + 30 END AS close) AS n
 CROSS JOIN LATERAL (SELECT n.*, n.created + n.reply * interval '1 minute' AS replied,
                            n.created + n.close * interval '1 minute' + n.weeks * interval '7 days' AS closed)
       AS e
 ORDER BY v.id;

-- The messages, the first names put in.  What stands before a transfer was said by the other agent.
CREATE TEMP TABLE message ON COMMIT DROP AS
SELECT c.id AS session_id, s.place, c.requested + s.seconds * interval '1 second' AS posted,
       replace(replace(replace(s.text, '{agent}', coalesce(split_part(a.full_name, ' ', 1), '')),
                       '{other}', coalesce(split_part(b.full_name, ' ', 1), '')),
               ' {customer}', coalesce(' ' || c.firstname, '')) AS text,
       k.type, k.special_type, s.param,
       CASE k.speaker WHEN 'customer' THEN coalesce(nullif(c.name, ''), 'Guest') WHEN 'agent' THEN a.full_name
                      WHEN 'other' THEN b.full_name WHEN 'bot' THEN t.bot_name ELSE 'System' END AS author,
       CASE k.speaker WHEN 'customer' THEN -1 WHEN 'agent' THEN a.associate_id
                      WHEN 'other' THEN b.associate_id WHEN 'bot' THEN 7 ELSE 6 END AS created_by
  FROM said s
  JOIN side k USING (side)
  JOIN chat c USING (no)
  JOIN chat_topic t ON t.id = c.topic_id
 CROSS JOIN LATERAL (SELECT CASE c.agent WHEN 1 THEN 2 ELSE 1 END AS other, s.place < c.moved AS before) AS o
  LEFT JOIN associate a ON a.associate_id = CASE WHEN o.before THEN o.other ELSE c.agent END
  LEFT JOIN associate b ON b.associate_id = CASE WHEN o.before THEN c.agent ELSE o.other END;

-- Times go from instants to the wall clock of the base zone.
INSERT INTO chat_session (id, topic_id, user_id, customer_id, customer_alias, status, when_requested,
                          when_started, when_ended, idle, customer_fetch, session_key, initial_queue_pos,
                          customer_host, alert_level, rank, name, company_name, email, phone, first_message,
                          last_message, flags, project_id, sale_id, ticket_id, contact_id, transfer_to,
                          consented, chatbot_isactive, country, rating, changed_at)
SELECT c.id, c.topic_id, coalesce(c.agent, -1), coalesce(c.person_id, -1), coalesce(c.firstname, 'Guest'),
       c.status, c.requested AT TIME ZONE :'zone', c.started AT TIME ZONE :'zone',
       c.ended AT TIME ZONE :'zone',
       coalesce(c.last_said, c.requested) AT TIME ZONE :'zone', f.fetched AT TIME ZONE :'zone',
       md5('sample session ' || c.id) || md5('its customer ' || c.no),
       CASE WHEN c.status = 0 THEN 0 ELSE 1 + (
           SELECT count(*) FROM chat o
            WHERE o.topic_id = c.topic_id AND o.id < c.id AND o.status >= 4 AND NOT o.bot
              AND coalesce(o.started, o.ended, 'infinity') > c.requested) END,
       CASE c.no % 3 WHEN 0 THEN '192.0.2.' || 1 + c.no * 17 % 254
                     WHEN 1 THEN '198.51.100.' || 1 + c.no * 29 % 254
                     ELSE '2001:db8:' || to_hex(c.no * 11) || '::' || to_hex(c.no * 37) END,
       CASE c.status WHEN 4 THEN (l.wait >= t.warning_new_chat)::integer
                                 + (l.wait >= t.manager_warning_new_chat)::integer
                     WHEN 5 THEN (l.wait >= t.warning_chat_message)::integer
                                 + (l.wait >= t.manager_warning_chat_message)::integer
                     ELSE 0 END,
       CASE WHEN c.status IN (5, 6) AND c.agent IS NOT NULL
            THEN row_number() OVER (PARTITION BY c.agent, c.status IN (5, 6) ORDER BY c.started, c.id)
            ELSE 0 END,
       coalesce(c.name, ''), coalesce(p.contact_name, ''),
       coalesce(p.email, lower(c.firstname) || '@mail.example', ''),
       coalesce(nullif(p.direct_phone, ''), p.mobile_phone, ''),
       coalesce(left(first.text, 1024), ''), coalesce(left(last.text, 1024), ''),
       CASE WHEN c.status = 5 AND c.agent IS NOT NULL AND c.no % 2 = 0 THEN 1 ELSE 0 END,
       CASE WHEN s.project_id > 0 THEN s.project_id WHEN c.no % 13 = 0 THEN 1 + c.no % 8 END, s.sale_id,
       coalesce(c.request, k.ticket_id), nullif(c.contact_id, 0), c.transfer_to,
       t.flags & 4 > 0 AND c.status > 1, c.bot, c.country_id,
       CASE WHEN t.widget_enable_rating AND c.status IN (7, 9) AND c.agent IS NOT NULL AND c.last_side <> 'i'
            THEN (ARRAY[0, 5, 0, 4, 5, 0, 3, 5, 0, 4, 2, 0, 1])[1 + c.no % 13] ELSE 0 END,
       greatest(c.requested, c.last_said, c.ended)
  FROM chat c
  JOIN chat_topic t ON t.id = c.topic_id
 CROSS JOIN clock
  LEFT JOIN person p ON p.person_id = c.person_id
  LEFT JOIN LATERAL (SELECT sale_id, project_id FROM sale
                      WHERE sale.contact_id = c.contact_id AND (c.topic_id = 3 OR c.no % 7 = 0)
                      ORDER BY sale_id LIMIT 1) AS s ON true
  LEFT JOIN LATERAL (SELECT min(ticket.id) AS ticket_id FROM ticket
                      WHERE cust_id = c.person_id AND ticket.id <= 50 AND c.no % 2 = 0) AS k ON true
  LEFT JOIN LATERAL (SELECT text FROM message WHERE session_id = c.id AND type IN (1, 2)
                      ORDER BY place LIMIT 1) AS first ON true
  LEFT JOIN LATERAL (SELECT text FROM message WHERE session_id = c.id
                      ORDER BY place DESC LIMIT 1) AS last ON true
 CROSS JOIN LATERAL (SELECT extract(epoch FROM loaded - coalesce(c.last_said, c.requested)) / 60 AS wait) AS l
 -- The customer's client asks every few seconds, until it is closed or its network is gone.
 CROSS JOIN LATERAL (SELECT CASE WHEN c.status = 0 THEN NULL
                                 WHEN c.last_side = 'i' THEN c.ended - interval '19 minutes'
                                 WHEN c.last_side IS NULL AND c.status = 11 THEN c.ended - interval '9 s'
                                 WHEN c.ended IS NOT NULL THEN c.ended + interval '2 seconds'
                                 WHEN c.status = 6 AND c.no % 3 = 0 THEN c.last_said - interval '1 second'
                                 WHEN c.status < 4 THEN least(loaded, c.requested + interval '9 minutes')
                                 ELSE loaded - c.no % 5 * interval '1 second' END AS fetched) AS f
 ORDER BY c.id;

INSERT INTO chat_message (session_id, message, when_posted, special_type, special_param, read_by_customer,
                          type, author, created_by)
SELECT m.session_id, m.text, m.posted AT TIME ZONE 'UTC', m.special_type, m.param,
       m.type <> 2 AND m.posted AT TIME ZONE :'zone' <= c.customer_fetch, m.type, m.author, m.created_by
  FROM message m
  JOIN chat_session c ON c.id = m.session_id
 ORDER BY m.posted, m.session_id, m.place;

UPDATE chat_topic t
   SET last_accept = s.last_accept, seconds_pr_accept = s.seconds
  FROM (SELECT topic_id, max(when_started) AS last_accept,
               avg(extract(epoch FROM when_started - when_requested)) AS seconds
          FROM chat_session GROUP BY topic_id) AS s
 WHERE s.topic_id = t.id;

-- New rows are numbered on from here.
SELECT setval(pg_get_serial_sequence('associate', 'associate_id'), max(associate_id)) FROM associate
 UNION ALL SELECT setval(pg_get_serial_sequence('person', 'person_id'), max(person_id)) FROM person
 UNION ALL SELECT setval(pg_get_serial_sequence('contact', 'contact_id'), max(contact_id)) FROM contact
 UNION ALL SELECT setval(pg_get_serial_sequence('project', 'project_id'), max(project_id)) FROM project
 UNION ALL SELECT setval(pg_get_serial_sequence('sale', 'sale_id'), max(sale_id)) FROM sale
 UNION ALL SELECT setval(pg_get_serial_sequence('ticket', 'id'), max(id)) FROM ticket
 UNION ALL SELECT setval(pg_get_serial_sequence('usergroup', 'usergroup_id'), max(usergroup_id)) FROM usergroup
 UNION ALL SELECT setval(pg_get_serial_sequence('cust_lang', 'id'), max(id)) FROM cust_lang
 UNION ALL SELECT setval(pg_get_serial_sequence('reply_template', 'id'), max(id)) FROM reply_template
 UNION ALL SELECT setval(pg_get_serial_sequence('ej_category', 'id'), max(id)) FROM ej_category
 UNION ALL SELECT setval(pg_get_serial_sequence('ticket_priority', 'id'), max(id)) FROM ticket_priority
 UNION ALL SELECT setval(pg_get_serial_sequence('kb_category', 'id'), max(id)) FROM kb_category
 UNION ALL SELECT setval(pg_get_serial_sequence('chat_topic', 'id'), max(id)) FROM chat_topic
 UNION ALL SELECT setval(pg_get_serial_sequence('chat_topic_user', 'id'), max(id)) FROM chat_topic_user
 UNION ALL SELECT setval(pg_get_serial_sequence('chat_session', 'id'), max(id)) FROM chat_session
 UNION ALL SELECT setval(pg_get_serial_sequence('chat_message', 'id'), max(id)) FROM chat_message \g /dev/null

\endif
COMMIT;
