SELECT coalesce(status, 'x') AS status, lenght(name) AS n FROM 'a/b'
