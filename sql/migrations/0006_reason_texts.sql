-- mart.weekly_scores: each reason in words; null in weeks that were scored before there were any.

alter table mart.weekly_scores add column reason_1_text varchar;
alter table mart.weekly_scores add column reason_2_text varchar;
alter table mart.weekly_scores add column reason_3_text varchar;
