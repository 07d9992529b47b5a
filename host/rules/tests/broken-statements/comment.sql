SELECT * FROM 'a/b' -- all of it
