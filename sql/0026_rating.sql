-- What the reader of a reply thinks of it. A session has one reader, its owner;
-- so this is the message's own, and goes with it.
ALTER TABLE message
	ADD COLUMN rating ENUM('up', 'down') NULL,
	ADD COLUMN rating_comment VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;
