SELECT abs(1, 2) AS a, topic(1, 2) AS t, substring('x') AS s FROM 'a/b'
