SELECT * FROM 'a/b' WHERE temperature = '50'
