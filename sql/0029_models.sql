-- Providers and models that administrators add while everything runs; the file
-- and the environment give one more, which stands in no table.
--
-- Secrets are sealed (lib/auth/seal.h): a key, and headers, which may hold one.
CREATE TABLE provider (
	id BIGINT UNSIGNED NOT NULL,
	name VARCHAR(64) NOT NULL,
	kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'as llm.kind',
	base_url VARCHAR(2048) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'empty: where this kind is',
	key_sealed VARBINARY(4200) NULL COMMENT 'XChaCha20-Poly1305 with the id of its key',
	key_tail VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'its last letters, for people',
	headers_sealed VARBINARY(8300) NULL COMMENT 'a JSON object of strings',
	proxy VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'NULL: as llm.proxy says',
	enabled BOOLEAN NOT NULL DEFAULT TRUE,
	version INT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'rises with each change',
	create_time DATETIME(3) NOT NULL,
	update_time DATETIME(3) NOT NULL,
	PRIMARY KEY (id),
	UNIQUE KEY provider_name (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- Prices are in millionths of the currency for a million tokens. What a model
-- has taught stays in model_takes.
CREATE TABLE model (
	id BIGINT UNSIGNED NOT NULL,
	provider_id BIGINT UNSIGNED NOT NULL,
	upstream_name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	label VARCHAR(128) NOT NULL,
	context_tokens INT UNSIGNED NULL,
	takes VARBINARY(512) NOT NULL DEFAULT '' COMMENT 'as llm.takes',
	options TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'as llm.options',
	temperature VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'a JSON number',
	max_tokens INT UNSIGNED NULL,
	effort VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
	price_input BIGINT NULL CHECK (price_input >= 0),
	price_cached BIGINT NULL CHECK (price_cached >= 0),
	price_output BIGINT NULL CHECK (price_output >= 0),
	fallback_id BIGINT UNSIGNED NULL,
	position INT NOT NULL DEFAULT 0,
	enabled BOOLEAN NOT NULL DEFAULT TRUE,
	is_default BOOLEAN NOT NULL DEFAULT FALSE,
	version INT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'rises with each change',
	create_time DATETIME(3) NOT NULL,
	update_time DATETIME(3) NOT NULL,
	PRIMARY KEY (id),
	KEY model_provider (provider_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE setting (
	name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	value TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	version INT UNSIGNED NOT NULL DEFAULT 1,
	PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- One row. Its epoch rises with every write of the three tables above, in the
-- same transaction and before it: all workers read it in a tick, and writers
-- take turns. key_check is something sealed, by which a wrong secret file is
-- known as one.
CREATE TABLE settings_epoch (
	id TINYINT UNSIGNED NOT NULL,
	epoch BIGINT UNSIGNED NOT NULL,
	key_check VARBINARY(128) NULL,
	PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

INSERT IGNORE INTO settings_epoch (id, epoch) VALUES (1, 1);

-- What somebody may do besides chatting: nothing, or administer the site.
ALTER TABLE user
	ADD COLUMN role VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'user';

-- The model that a chat was last answered by, NULL for the default, and what
-- its owner has set for it, a JSON object.
ALTER TABLE session
	ADD COLUMN model_id BIGINT UNSIGNED NULL,
	ADD COLUMN options VARCHAR(1024) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;
