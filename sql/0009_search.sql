-- What the search looks through: the text of a message, or the title of a
-- session (message_id 0).
--
-- words holds the words of body as lib/repo/search.c writes them: folded, in
-- ASCII, each with a prefix made from its user. So one user's search reads
-- nothing of the others' words, however many these are, and the server's own
-- rules for words (their shortest length, its stop words, its parsers for
-- Chinese) do not matter. Text of hidden branches is in it too.
CREATE TABLE search_text (
	session_id BIGINT UNSIGNED NOT NULL,
	message_id BIGINT UNSIGNED NOT NULL COMMENT '0: the title',
	body MEDIUMTEXT NOT NULL,
	words MEDIUMTEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	PRIMARY KEY (session_id, message_id),
	FULLTEXT KEY search_words (words)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
