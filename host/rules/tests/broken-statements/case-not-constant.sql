SELECT CASE status WHEN previous THEN 'same' ELSE 'new' END AS x FROM 'a/b'
