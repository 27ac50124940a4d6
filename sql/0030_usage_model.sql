-- What a user has used of a model on a day (UTC), and what it has cost, counted
-- when a reply ends: nobody has to read messages to know who uses what. By day
-- first: what is counted now lies together. The name stays when the model goes.
CREATE TABLE usage_model (
	day DATE NOT NULL,
	user_id BIGINT UNSIGNED NOT NULL,
	model_id BIGINT UNSIGNED NOT NULL COMMENT '0: the one of the settings',
	name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'what its provider calls it',
	replies INT UNSIGNED NOT NULL COMMENT 'that have ended',
	input_tokens BIGINT UNSIGNED NOT NULL,
	cached_tokens BIGINT UNSIGNED NOT NULL COMMENT 'of these, read from a cache',
	output_tokens BIGINT UNSIGNED NOT NULL,
	cost BIGINT UNSIGNED NULL COMMENT 'in millionths; NULL: no price was known',
	PRIMARY KEY (day, user_id, model_id),
	KEY usage_model_user (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
