-- What an account can be besides open, and what belongs to it.
--
-- A disabled user is let in nowhere. A site's own user has no login that could
-- be ended: valid_from refuses the tokens that the site had issued before.
ALTER TABLE user
	ADD COLUMN disable_time DATETIME(3) NULL COMMENT 'since then nobody is let in',
	ADD COLUMN valid_from DATETIME(3) NULL COMMENT 'a site token issued before is refused';

-- All refresh tokens of a login share a secret, the family. Who shows it
-- together with any other token than the last two holds a copy: the login ends.
ALTER TABLE login
	ADD COLUMN family_hash BINARY(32) NULL COMMENT 'BLAKE2b-256; NULL: the token is of the time before',
	ADD COLUMN agent VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '' COMMENT 'User-Agent, cleaned';

-- A second factor. `totp` (RFC 6238): sealed holds its secret, last_step the
-- time step of the last code that was accepted. Of this kind a user has one;
-- of others (passkeys) there may be several.
CREATE TABLE factor (
	id BIGINT UNSIGNED NOT NULL,
	user_id BIGINT UNSIGNED NOT NULL,
	kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	sealed VARBINARY(1024) NOT NULL COMMENT 'XChaCha20-Poly1305 with the id of its key',
	last_step BIGINT UNSIGNED NOT NULL DEFAULT 0,
	create_time DATETIME(3) NOT NULL,
	confirm_time DATETIME(3) NULL COMMENT 'NULL: not in force yet',
	PRIMARY KEY (id),
	KEY factor_user (user_id, kind)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- What stands in for a lost second factor; each is deleted when it is used.
CREATE TABLE recovery_code (
	user_id BIGINT UNSIGNED NOT NULL,
	code_hash BINARY(32) NOT NULL COMMENT 'BLAKE2b-256 of user and code',
	PRIMARY KEY (user_id, code_hash)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- An invitation opens one account where registration is closed; it is deleted
-- when it is used.
CREATE TABLE invite (
	code_hash BINARY(32) NOT NULL COMMENT 'BLAKE2b-256',
	create_time DATETIME(3) NOT NULL,
	expire_time DATETIME(3) NOT NULL,
	PRIMARY KEY (code_hash),
	KEY invite_expire (expire_time)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
