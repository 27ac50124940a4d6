-- The words of texts (lib/repo/search.h). A text is first one row here: the
-- words of a message, or of a session's title (message_id 0), each with a
-- blank behind, as lib/json/words.h gives them. A user has a few hundred.
CREATE TABLE search_recent (
	user_id BIGINT UNSIGNED NOT NULL,
	session_id BIGINT UNSIGNED NOT NULL,
	message_id BIGINT UNSIGNED NOT NULL COMMENT '0: the title',
	len INT UNSIGNED NOT NULL COMMENT 'bytes of words',
	words MEDIUMBLOB NOT NULL,
	PRIMARY KEY (user_id, session_id, message_id),
	KEY search_recent_len (user_id, len)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- Up to 256 of a user's texts become a segment. Its id is the newest of theirs, so
-- segments have the order of their texts, nearly.
CREATE TABLE search_segment (
	user_id BIGINT UNSIGNED NOT NULL,
	id BIGINT UNSIGNED NOT NULL,
	texts BLOB NOT NULL COMMENT '16 bytes each: session, message; big-endian; 0: gone',
	PRIMARY KEY (user_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- The words of a segment, a row for all that begin with the same two letters
-- (lib/repo/search_block.h). A search for a word is one range of the key, read
-- from its newest end and left when enough is found.
CREATE TABLE search_word (
	user_id BIGINT UNSIGNED NOT NULL,
	shard VARBINARY(10) NOT NULL,
	segment BIGINT UNSIGNED NOT NULL,
	body MEDIUMBLOB NOT NULL,
	PRIMARY KEY (user_id, shard, segment),
	KEY search_word_segment (user_id, segment)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- The segments that hold texts of a session, for the end of the session.
CREATE TABLE search_place (
	session_id BIGINT UNSIGNED NOT NULL,
	segment BIGINT UNSIGNED NOT NULL,
	user_id BIGINT UNSIGNED NOT NULL,
	PRIMARY KEY (session_id, segment)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- There is a row while texts from before this step are not noted in
-- search_pending: those below this message. done of about total are.
CREATE TABLE search_fill (
	session_id BIGINT UNSIGNED NOT NULL,
	message_id BIGINT UNSIGNED NOT NULL,
	done BIGINT UNSIGNED NOT NULL,
	total BIGINT UNSIGNED NOT NULL,
	PRIMARY KEY (session_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- Begins at the newest session; the server's estimate of the rows will do.
INSERT IGNORE INTO search_fill (session_id, message_id, done, total)
	SELECT MAX(id), 18446744073709551615, 0,
		(SELECT COALESCE(MAX(table_rows), 0) FROM information_schema.tables
			WHERE table_schema = DATABASE() AND table_name = 'message')
	FROM session HAVING MAX(id) IS NOT NULL;

DROP TABLE IF EXISTS search_text;
