SELECT CASE color ELSE 'go' END AS x FROM 'a/b'
