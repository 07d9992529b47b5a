SELECT * FROM 'a/b' WHERE status = 'X' AND 1
