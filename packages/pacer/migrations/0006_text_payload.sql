-- What an item carries is text: it travels to and from the client as it is, where bytes are written as twice as many digits.
alter table pending alter column payload type text using convert_from(payload, 'UTF8');
alter table done alter column payload type text using convert_from(payload, 'UTF8');
