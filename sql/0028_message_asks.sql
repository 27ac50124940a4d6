-- A call in it waits for a person's approval. What the list says of a session
-- (session.streaming, 2) is what the end of its shown path says here; so far it
-- was noted when a reply ended, and stayed when another branch was shown.
ALTER TABLE message
	ADD COLUMN asks BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE message JOIN
	(SELECT s.id AS session_id, MAX(m.id) AS id FROM session s
		JOIN message m ON m.session_id = s.id AND m.active
		WHERE s.streaming = 2 GROUP BY s.id) leaf
	ON leaf.session_id = message.session_id AND leaf.id = message.id
	SET message.asks = TRUE;
