SELECT * FROM 'a/b' WHERE status = 'INACTIVE' OR battery < 20
