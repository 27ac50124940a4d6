-- What refusals and usage have taught about a model, for all workers. A row
-- belongs to one configuration: its key is a digest of the address, the name
-- and the settings that a request is made of, so a change of these begins
-- afresh.
CREATE TABLE model_takes (
	id BINARY(32) NOT NULL COMMENT 'SHA-256 of that',
	model VARCHAR(255) NOT NULL COMMENT 'for people',
	takes VARBINARY(512) NOT NULL COMMENT 'tools=off images=off',
	context_tokens BIGINT UNSIGNED NULL,
	bytes_100 INT UNSIGNED NULL COMMENT 'bytes of words in 100 tokens',
	forget_time DATETIME(3) NULL COMMENT 'takes and context_tokens, then',
	update_time DATETIME(3) NOT NULL,
	PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
