SELECT * FROM 'a/b' WHERE 'yes'
