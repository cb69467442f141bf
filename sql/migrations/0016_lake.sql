-- mart.publication_weeks.hash_sum: as text, since Parquet (a lake) has no integer of 128 bits.

alter table mart.publication_weeks add column hash_text varchar;
update mart.publication_weeks set hash_text = cast(hash_sum as varchar);
alter table mart.publication_weeks drop column hash_sum;
alter table mart.publication_weeks rename column hash_text to hash_sum;
