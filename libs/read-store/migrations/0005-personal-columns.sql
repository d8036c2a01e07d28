alter table versions add column personal jsonb not null default '[]';
comment on column versions.personal is 'Its columns that tell of a person, and of whom: erased with the key of that person, also while no runner feeds it';
