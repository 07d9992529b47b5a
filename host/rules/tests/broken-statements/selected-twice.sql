SELECT status, previous AS status FROM 'a/b'
