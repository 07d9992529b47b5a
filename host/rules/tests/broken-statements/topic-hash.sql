SELECT * FROM 'home/#/status'
