SELECT parse_time(format, timestamp()) AS t FROM 'a/b'
