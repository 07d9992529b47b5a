SELECT temperature AS t FROM 'a/b'
