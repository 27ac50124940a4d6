-- Texts whose words are not yet, or no longer, in search_text. Cutting a text
-- into words and storing them takes the database milliseconds, so it is not
-- done while somebody waits for a message to be stored: only this row is.
CREATE TABLE search_pending (
	session_id BIGINT UNSIGNED NOT NULL,
	message_id BIGINT UNSIGNED NOT NULL COMMENT '0: the title',
	PRIMARY KEY (session_id, message_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
