SELECT parse_time('yyyy-MM-dd zzzz', timestamp()) AS t FROM 'a/b'
