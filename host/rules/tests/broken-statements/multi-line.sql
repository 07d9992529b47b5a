SELECT
  status,
  previos AS previous,
  lower(status AS low
FROM 'a/b'
