SELECT mydata.0 AS x FROM 'a/b'
