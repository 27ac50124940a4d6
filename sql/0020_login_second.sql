-- Whether a second factor was shown for a login: where one is demanded of all,
-- a login without it may set one up, and nothing else.
ALTER TABLE login
	ADD COLUMN second_time DATETIME(3) NULL COMMENT 'NULL: none that is in force now was shown';

-- Who has logged in since their factor is in force has shown it.
UPDATE login JOIN factor ON factor.user_id = login.user_id
	SET login.second_time = login.create_time
	WHERE factor.confirm_time IS NOT NULL AND login.create_time > factor.confirm_time;
