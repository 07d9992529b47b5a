SET @a = @a + 1 SELECT @a AS a FROM 'a/b'
