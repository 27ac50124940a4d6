-- One sign-in of one browser, from log-in to log-out. The refresh token
-- itself is never stored. A refresh puts a new token into the row and keeps
-- the one before: for half a minute it is still accepted (two tabs refreshed
-- at once), after that its use means that somebody copied it.
CREATE TABLE login (
	id BIGINT UNSIGNED NOT NULL COMMENT 'sid of the access tokens',
	user_id BIGINT UNSIGNED NOT NULL,
	token_hash BINARY(32) NOT NULL COMMENT 'BLAKE2b-256 of the refresh token',
	previous_hash BINARY(32) NULL,
	rotate_time DATETIME(3) NOT NULL COMMENT 'when token_hash was made',
	create_time DATETIME(3) NOT NULL,
	expire_time DATETIME(3) NOT NULL,
	PRIMARY KEY (id),
	UNIQUE KEY login_token (token_hash),
	UNIQUE KEY login_previous (previous_hash),
	KEY login_user (user_id),
	KEY login_expire (expire_time)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
