SELECT temperature / 10 AS celsius FROM 'a/b'
