-- A site's user who was deleted. The site's tokens would make them again: so
-- their end is remembered until the operator allows a new account, which then
-- takes no token that was issued before valid_from.
CREATE TABLE ended_subject (
	subject_hash BINARY(32) NOT NULL COMMENT 'SHA-256 of user.subject',
	valid_from DATETIME(3) NOT NULL COMMENT 'when the user was deleted',
	allowed BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'by the operator',
	PRIMARY KEY (subject_hash)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
