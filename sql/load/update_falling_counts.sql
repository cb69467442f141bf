-- raw.exports: how many counter cells of an export fell below the week before.
--
-- reads:   fallen (a registered frame: sha256, falling_counter_count)
update raw.exports
set falling_counter_count = fallen.falling_counter_count
from fallen
where raw.exports.sha256 = fallen.sha256;
