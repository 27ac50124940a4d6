-- A message, clustered by session so that a history is one range read.
-- parent_id makes the tree of branches, active marks the path that is shown,
-- on which ids rise.
--
-- parts and metadata are JSON as it was sent or assembled. MEDIUMTEXT and not
-- JSON, because they must come back byte for byte: MySQL's JSON reorders
-- members and rewrites numbers, MariaDB's refuses more than 32 levels.
--
-- A running reply is status 'streaming'; worker_id and worker_epoch name the
-- lease it runs under. streaming_session is the session while a reply runs,
-- so its unique key allows one running reply a session and finds all of them.
CREATE TABLE message (
	session_id BIGINT UNSIGNED NOT NULL,
	id BIGINT UNSIGNED NOT NULL,
	parent_id BIGINT UNSIGNED NULL COMMENT 'NULL: the first of its session',
	role ENUM('user', 'assistant') NOT NULL,
	status ENUM('complete', 'streaming', 'stopped', 'interrupted', 'error') NOT NULL,
	active BOOLEAN NOT NULL,
	client_id VARBINARY(512) NULL COMMENT 'the id that the client gave it',
	parts MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	metadata MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
	worker_id SMALLINT UNSIGNED NULL,
	worker_epoch BIGINT UNSIGNED NULL,
	create_time DATETIME(3) NOT NULL,
	update_time DATETIME(3) NOT NULL,
	streaming_session BIGINT UNSIGNED
		GENERATED ALWAYS AS (IF(status = 'streaming', session_id, NULL)) STORED,
	PRIMARY KEY (session_id, id),
	KEY message_parent (session_id, parent_id),
	UNIQUE KEY message_client (session_id, client_id),
	UNIQUE KEY message_streaming (streaming_session)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
