SELECT @a AS a FROM 'a/b' SET @a = 1
