-- The words of a segment of the search's index (lib/repo/search_vocabulary.h),
-- for who asks for the middle of a word.
CREATE TABLE search_vocabulary (
	user_id BIGINT UNSIGNED NOT NULL,
	segment BIGINT UNSIGNED NOT NULL,
	words MEDIUMBLOB NOT NULL,
	PRIMARY KEY (user_id, segment)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- The segments from before this step; written one by one while everything runs.
CREATE TABLE search_vocabulary_fill (
	user_id BIGINT UNSIGNED NOT NULL,
	segment BIGINT UNSIGNED NOT NULL,
	PRIMARY KEY (user_id, segment)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

INSERT IGNORE INTO search_vocabulary_fill (user_id, segment)
	SELECT user_id, id FROM search_segment;
