-- core.own_tracks: emptied, to be made anew from the spellings.
delete from core.own_tracks
