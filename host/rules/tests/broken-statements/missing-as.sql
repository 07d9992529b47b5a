SELECT topic(2), temperature * 2, status FROM 'a/b'
