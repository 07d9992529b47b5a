SELECT parse_time('yyyy', timestamp(), 'Europe/Berln') AS t FROM 'a/b'
