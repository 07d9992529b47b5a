SELECT [a, b] AS x FROM 'a/b'
