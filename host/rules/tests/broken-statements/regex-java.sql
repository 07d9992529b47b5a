SELECT * FROM 'a/b' WHERE regexp_matches(name, '\Gx')
