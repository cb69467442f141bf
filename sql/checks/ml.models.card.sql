-- ml.models.card: one row per model whose card is another version's.
--
-- holds:   a card names the SHA-256 of its own artefact
-- remedy:  run `songpop backfill --feed FEED`
-- reads:   ml.models
select
    feed,
    version,
    artefact_sha256
from ml.models
where card is not null and not contains(card, artefact_sha256)
order by feed, version
