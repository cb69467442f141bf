-- ml.models.card: the model card in Markdown; null for versions registered before.

alter table ml.models add column card varchar;
