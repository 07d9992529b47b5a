SELECT 2nd FROM 'a/b'
