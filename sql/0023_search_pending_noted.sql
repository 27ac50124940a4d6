-- A note of its own for each time that a text is stored: who stores it does not
-- wait for the process that holds an older one while it cuts the words.
ALTER TABLE search_pending
	ADD COLUMN noted BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'ms since 1970',
	DROP PRIMARY KEY,
	ADD PRIMARY KEY (session_id, message_id, noted);
