SELECT get(readings, 0 AS first FROM 'a/b'
