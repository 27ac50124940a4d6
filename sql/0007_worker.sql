-- The node numbers of Snowflake ids, 0 to 1023, each leased to one process at
-- a time. epoch rises with every holder; last_ms is the latest millisecond
-- that any holder may have put into an id, so the next one starts above it.
CREATE TABLE worker (
	id SMALLINT UNSIGNED NOT NULL,
	epoch BIGINT UNSIGNED NOT NULL,
	holder VARCHAR(128) NOT NULL COMMENT 'host, program and process, for people',
	lease_until DATETIME(3) NOT NULL,
	last_ms BIGINT UNSIGNED NOT NULL COMMENT 'since 1970-01-01',
	PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
