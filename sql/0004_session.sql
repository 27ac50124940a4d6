-- A conversation. chat_id is the chat's id in the client, first_client_id the
-- client's id of the first message: a first message that is sent again finds
-- its session by the unique key. Client ids are compared byte by byte (see
-- user.subject) and are at most 128 characters.
--
-- branched: some message has a sibling; the others cost no look-up of them.
-- A key for each list that is paged: every page is one range read.
CREATE TABLE session (
	id BIGINT UNSIGNED NOT NULL,
	user_id BIGINT UNSIGNED NOT NULL,
	title VARCHAR(255) NOT NULL,
	chat_id VARBINARY(512) NULL,
	first_client_id VARBINARY(512) NULL,
	create_time DATETIME(3) NOT NULL,
	update_time DATETIME(3) NOT NULL,
	pinned BOOLEAN NOT NULL DEFAULT FALSE,
	archived BOOLEAN NOT NULL DEFAULT FALSE,
	branched BOOLEAN NOT NULL DEFAULT FALSE,
	PRIMARY KEY (id),
	UNIQUE KEY session_first_send (user_id, chat_id, first_client_id),
	KEY session_list (user_id, archived, update_time, id),
	KEY session_pinned (user_id, pinned, archived, update_time, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
