SET @limit = 50 SELECT * FROM 'a/b' WHERE temperature > @limits
