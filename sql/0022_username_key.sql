-- Usernames in all scripts. What makes two of them the same (case, width, form,
-- letters that look alike) is no collation: the program computes it
-- (lib/json/name.h) and it is compared byte by byte. The names so far are of
-- A-Za-z0-9._@- , whose key is their lower case: no two of them become one, and
-- everybody logs in as before.
ALTER TABLE user
	MODIFY COLUMN username VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'as it was typed, in NFC',
	ADD COLUMN username_key VARBINARY(256) NULL COMMENT 'the same for names that are taken for one another',
	DROP KEY user_username;

UPDATE user SET username_key = LOWER(CONVERT(username USING ascii)) WHERE username IS NOT NULL;

ALTER TABLE user ADD UNIQUE KEY user_username (username_key);
