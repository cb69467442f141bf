-- ml.backtests and its figures: what models would have been worth, week after week.

create table ml.backtests (
    backtest_id varchar not null,
    feed varchar not null,
    tested_feeds varchar[] not null,
    label varchar not null,
    horizon_weeks integer not null,
    from_week date not null,
    to_week date not null,
    block_weeks integer not null,
    embargo_weeks integer not null,
    origins_count integer not null,
    rows_count bigint not null,
    settings json not null,
    created_at timestamptz not null
);

create table ml.backtest_figures (
    backtest_id varchar not null,
    feed varchar not null,
    origin date,
    model varchar not null,
    slice varchar not null,
    rows_count bigint not null,
    base_rate double not null,
    log_loss double not null,
    brier double not null,
    calibration_error double not null,
    accuracy double not null,
    auc double,
    average_precision double,
    precision_at_20 double not null,
    precision_at_50 double not null,
    lift_at_20 double,
    lift_at_50 double
);

create table ml.backtest_differences (
    backtest_id varchar not null,
    feed varchar not null,
    origin date,
    other varchar not null,
    log_loss double not null,
    log_loss_low double not null,
    log_loss_high double not null,
    auc double,
    auc_low double,
    auc_high double
);

create table ml.backtest_intervals (
    backtest_id varchar not null,
    feed varchar not null,
    scope varchar not null,
    title varchar not null,
    rows_count bigint not null,
    coverage double not null,
    width double not null
);
