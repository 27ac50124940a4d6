-- What a user wants a model to know and to heed, in all chats and in one: told
-- after the operator's prompt. At most 4,000 characters; NULL: nothing.
ALTER TABLE user
	ADD COLUMN instructions TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;

ALTER TABLE session
	ADD COLUMN instructions TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;
