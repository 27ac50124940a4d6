-- Assistants: a model, instructions, options and tools under one name, which
-- a chat is started with. What one says stands in its versions: a chat keeps the
-- one that it was started with, also when its owner changes or removes the
-- assistant. end_time: it is not the latest any more; when no chat has it, it
-- goes with a later change of its owner's.
CREATE TABLE assistant (
	id BIGINT UNSIGNED NOT NULL,
	owner_id BIGINT UNSIGNED NOT NULL,
	published BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'everybody may use it',
	version INT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'the latest',
	create_time DATETIME(3) NOT NULL,
	update_time DATETIME(3) NOT NULL,
	PRIMARY KEY (id),
	KEY assistant_owner (owner_id),
	KEY assistant_published (published)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE assistant_version (
	assistant_id BIGINT UNSIGNED NOT NULL,
	version INT UNSIGNED NOT NULL,
	owner_id BIGINT UNSIGNED NOT NULL,
	end_time DATETIME(3) NULL,
	name VARCHAR(128) NOT NULL,
	icon VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '' COMMENT 'an emoji',
	description VARCHAR(512) NOT NULL DEFAULT '',
	model_id BIGINT UNSIGNED NULL COMMENT 'NULL: the default',
	instructions TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
	options VARCHAR(1024) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'as session.options',
	tools TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'a JSON list of names; NULL: all',
	starters TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'a JSON list of questions',
	PRIMARY KEY (assistant_id, version),
	KEY assistant_version_end (owner_id, end_time)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- Texts with {{fields}} that people call by /name while they write.
CREATE TABLE prompt (
	id BIGINT UNSIGNED NOT NULL,
	owner_id BIGINT UNSIGNED NOT NULL,
	name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	text MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	published BOOLEAN NOT NULL DEFAULT FALSE,
	version INT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'rises with each change',
	create_time DATETIME(3) NOT NULL,
	update_time DATETIME(3) NOT NULL,
	PRIMARY KEY (id),
	UNIQUE KEY prompt_name (owner_id, name),
	KEY prompt_published (published)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- The assistant that a chat was started with, in the version of that moment.
ALTER TABLE session
	ADD COLUMN assistant_id BIGINT UNSIGNED NULL,
	ADD COLUMN assistant_version INT UNSIGNED NULL,
	ADD KEY session_assistant (assistant_id, assistant_version);
