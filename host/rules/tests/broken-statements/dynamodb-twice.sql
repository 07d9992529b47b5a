SELECT get_dynamodb('T', 'id', a, 'role').x AS x, get_dynamodb('T', 'id', b, 'role').y AS y FROM 'a/b'
