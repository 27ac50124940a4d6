-- What an operator has given a user of [limits] in place of what holds for all
-- (lib/conf/own_limits.h): one row for each user who has something of the kind.
CREATE TABLE user_limit (
	user_id BIGINT UNSIGNED NOT NULL,
	limits VARCHAR(2000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'lines key=value',
	update_time DATETIME(3) NOT NULL,
	PRIMARY KEY (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
