-- ml.models: the newest champion of the feed is champion, every other version retired.
--
-- reads:   ml.champions
-- params:  $feed varchar
update ml.models
set
    status = case
        when
            version = (
                select arg_max(champions.version, champions.from_week)
                from ml.champions as champions
                where champions.feed = $feed
            )
            then 'champion'
        else 'retired'
    end
where feed = $feed and status <> 'replaced';
