SELECT * FROM 'a/b' WHERE name LIKE 'heat%'
