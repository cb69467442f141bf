-- raw.exports: why an export was refused, in words.

alter table raw.exports add column cause varchar;
