router.post('/api/messages/:sosId', (req, res) => {
  if (seen(req.body)) return res.status(200).json(again);
  return res.status(201).json(made);
});
