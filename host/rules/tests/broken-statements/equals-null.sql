SELECT * FROM 'a/b' WHERE status = NULL
