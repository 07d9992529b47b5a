SELECT temperature AS 'my temperature' FROM 'a/b'
