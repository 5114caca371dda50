import { Router } from "express";
const router = Router();
router.post("/api/messages/:sosId", auth, create);
router.get("/messages/message/:messageId", auth, read);
router.put("/api/messages/:sosId", auth, change);
router.get("/api/other/:id", auth, other);
export default router;

// expected
// 5:12 call-is-documented PUT /api/messages/:sosId
