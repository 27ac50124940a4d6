-- How often a user has had the model asked on a day (UTC): counted, where
-- there is a budget for a day, in the transaction that stores the question.
-- Apart from usage_day, which the end of a reply writes behind its session's
-- row: one row for both would be locked in both orders.
CREATE TABLE send_day (
	user_id BIGINT UNSIGNED NOT NULL,
	day DATE NOT NULL,
	sends INT UNSIGNED NOT NULL,
	PRIMARY KEY (user_id, day)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
