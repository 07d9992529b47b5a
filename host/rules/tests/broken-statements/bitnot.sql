SELECT bitnot(flags) AS x FROM 'a/b'
