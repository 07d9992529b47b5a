SELECT * FROM 'a/b' WHERE status != 'ACTIVE'
