-- The last failed send that a session told of without naming it: a message whose outcome is written down only after that is
-- looked up at once too. Epoch milliseconds.
create table session_failure (
  session text collate "C" primary key,
  at bigint not null
);
