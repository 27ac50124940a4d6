-- Stop pressed for a reply that another process runs: the process that holds
-- the lease looks here several times a second. A row lives for a moment.
CREATE TABLE stop_request (
	message_id BIGINT UNSIGNED NOT NULL,
	worker_id SMALLINT UNSIGNED NOT NULL,
	worker_epoch BIGINT UNSIGNED NOT NULL,
	create_time DATETIME(3) NOT NULL,
	PRIMARY KEY (worker_id, worker_epoch, message_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
