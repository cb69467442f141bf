-- ml.hand_decisions: every decision by hand about who scores a feed, also those overruled since.

create table ml.hand_decisions (
    feed varchar not null,
    from_week date not null,
    version varchar not null,
    replaces varchar,
    because varchar not null,
    decided_at timestamptz
);

insert into ml.hand_decisions by name
select
    feed,
    from_week,
    version,
    because
from ml.champions
where decided_by = 'hand';
