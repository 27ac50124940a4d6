-- The list of sessions is read from its key alone, in order, without a look at
-- the rows. `streaming` says that a reply may be running: it is set when one
-- begins and cleared when it is stored. Only where it is set the list asks
-- message.streaming_session, which alone decides.
ALTER TABLE session
	ADD COLUMN streaming BOOLEAN NOT NULL DEFAULT FALSE,
	DROP KEY session_list,
	ADD KEY session_list (user_id, archived, update_time, id, pinned,
		branched, streaming, create_time, title);

UPDATE session SET streaming = TRUE WHERE id IN
	(SELECT streaming_session FROM message WHERE streaming_session IS NOT NULL);
