SELECT * FROM 'a/b' WHERE status == 'INACTIVE'
