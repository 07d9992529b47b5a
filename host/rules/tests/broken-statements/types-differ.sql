SELECT * FROM 'a/b' WHERE topic(2) = 7 OR timestamp() = 'now'
