SELECT CASE color WHEN 'green' 'go' END AS x FROM 'a/b'
