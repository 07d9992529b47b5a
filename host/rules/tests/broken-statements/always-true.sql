SELECT * FROM 'a/b' WHERE true
