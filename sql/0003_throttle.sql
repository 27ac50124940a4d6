-- Failed log-ins, counted for an account or an address by all workers
-- together. The bucket is a hash, so that neither can be read here.
CREATE TABLE throttle (
	bucket VARBINARY(64) NOT NULL,
	failures INT UNSIGNED NOT NULL,
	reset_time DATETIME(3) NOT NULL COMMENT 'from then on, failures is 0',
	PRIMARY KEY (bucket),
	KEY throttle_reset (reset_time)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
