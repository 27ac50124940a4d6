-- The journal of running replies: what one batch added to one reply, as it
-- was sent to the client. Gone when the reply is stored whole in its message.
CREATE TABLE message_delta (
	message_id BIGINT UNSIGNED NOT NULL,
	seq INT UNSIGNED NOT NULL,
	body MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	PRIMARY KEY (message_id, seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
