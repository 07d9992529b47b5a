SELECT temp.* FROM 'a/b'
