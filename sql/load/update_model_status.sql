-- ml.models: the newest champion of the feed is champion, one that waits for approval a challenger,
-- every other version retired; and why each that has scored does so no longer: what was said of the
-- champion that followed it.
--
-- reads:   ml.champions
-- params:  $feed varchar
with numbered as (
    select
        version,
        because,
        row_number() over (order by from_week, decided_by = 'hand') as place
    from ml.champions
    where feed = $feed
),

-- A version that was promoted again was retired by what followed its last promotion.
lasting as (
    select
        version,
        max(place) as place
    from numbered
    group by version
),

followed as (
    select
        lasting.version,
        arg_min(later.because, later.place) as because
    from lasting
    left join numbered as later on lasting.place < later.place
    group by lasting.version
),

newest as (
    select arg_max(version, place) as version
    from numbered
)

update ml.models
set
    status = case
        when version = (select newest.version from newest) then 'champion'
        when status = 'replaced' then 'replaced'
        when
            starts_with(decision, 'waits for approval: ')
            and version not in (select numbered.version from numbered)
            then 'challenger'
        else 'retired'
    end,
    retired_because = (
        select followed.because from followed
        where followed.version = models.version
    )
where feed = $feed;
