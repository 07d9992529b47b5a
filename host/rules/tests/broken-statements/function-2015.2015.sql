SELECT encode(*, 'base64') AS x FROM 'a/b'
