-- What a user has used on a day (UTC), counted when a reply ends: nobody has
-- to read a whole history to draw a chart.
CREATE TABLE usage_day (
	user_id BIGINT UNSIGNED NOT NULL,
	day DATE NOT NULL,
	messages INT UNSIGNED NOT NULL COMMENT 'replies that have ended',
	input_tokens BIGINT UNSIGNED NOT NULL,
	output_tokens BIGINT UNSIGNED NOT NULL,
	PRIMARY KEY (user_id, day)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
