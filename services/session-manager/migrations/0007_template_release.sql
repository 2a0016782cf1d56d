-- A paused template may be released: one more thing that its provider is told.
alter table template drop constraint template_task_check;
alter table template add constraint template_task_check check (task in ('create', 'edit', 'release', 'delete'));
