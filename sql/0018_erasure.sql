-- What is deleted for people and still to be deleted here: the rest of a large
-- session, or (session_id 0) all that was a user's.
CREATE TABLE erasure (
	user_id BIGINT UNSIGNED NOT NULL,
	session_id BIGINT UNSIGNED NOT NULL COMMENT '0: all that is theirs',
	PRIMARY KEY (user_id, session_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
