SELECT cast(temperature AS Integr) AS t FROM 'a/b'
