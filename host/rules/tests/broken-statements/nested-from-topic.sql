SELECT (SELECT a FROM 'a/b') AS x FROM 'a/b'
