-- What a holder shows to others on its host for as long as it lives, so that
-- its lease need not run out when it has died (lib/base/alive.h).
ALTER TABLE worker
	ADD COLUMN alive VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''
		COMMENT 'boot id, network namespace and name of a socket' AFTER holder;
