-- Titles by the model. title_tries: how often it may still be asked for one; 0
-- when the title is final: a person's, the model's, or of before. title_until: one is
-- being asked for, by a process that has given up by then; its request is known
-- by that time. A default of 3 for those that are new, in two steps.
ALTER TABLE session
	ADD COLUMN title_tries TINYINT UNSIGNED NOT NULL DEFAULT 0,
	ADD COLUMN title_until DATETIME(3) NULL;

ALTER TABLE session ALTER COLUMN title_tries SET DEFAULT 3;
