-- core.track_matches: what a person decided about one pair.
--
-- params:  one a column
insert into core.track_matches by name
select
    $one_id as own_track_id_1,
    $other_id as own_track_id_2,
    $because as because,
    $likeness::double as likeness,
    $verdict as verdict,
    $decided_by as decided_by,
    $decided_because as decided_because,
    $decided_at as decided_at,
    $found_at as found_at
