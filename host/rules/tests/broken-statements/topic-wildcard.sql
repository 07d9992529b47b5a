SELECT * FROM 'home/heating+/status'
