-- What a session's messages take, so that a user's sum is a read of one index.
-- What was stored before is not counted.
ALTER TABLE session
	ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0,
	ADD KEY session_bytes (user_id, bytes);
