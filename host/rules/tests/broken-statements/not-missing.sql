SELECT * FROM 'a/b' WHERE NOT (status = 'ACTIVE')
