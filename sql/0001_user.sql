-- One statement a step: MariaDB and MySQL commit every CREATE and ALTER at
-- once, so a step of one statement is done whole or not at all.
--
-- In all tables: ids are Snowflakes made by the programs, times are UTC, and
-- there are no foreign keys: what belongs together is deleted together by the
-- program, and every table can be moved to another server by user.
--
-- An account. It has a username and a password, or a subject: what a site's
-- own token calls its user. A subject is compared byte by byte, hence
-- VARBINARY: utf8mb4_bin would call 'ann' and 'ann ' the same user.
CREATE TABLE user (
	id BIGINT UNSIGNED NOT NULL,
	username VARCHAR(64) NULL COMMENT 'A-Za-z0-9._@- only, case does not matter',
	password_hash VARCHAR(255) NULL COMMENT 'argon2id, as libsodium writes it',
	subject VARBINARY(255) NULL,
	create_time DATETIME(3) NOT NULL,
	update_time DATETIME(3) NOT NULL,
	PRIMARY KEY (id),
	UNIQUE KEY user_username (username),
	UNIQUE KEY user_subject (subject)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
