SELECT * FROM 'a/b' ORDER BY temperature
