from fastapi import FastAPI, status

api = FastAPI()


@api.post("/api/messages/{sos_id}", ⟦call|status_code=200⟧)
async def create(sos_id: str, body: dict):
    return {"success": True, "data": store(sos_id, body)}


@api.get("/api/messages/{sos_id}", status_code=200)
async def listed(sos_id: str):
    return {"success": True, "data": [], "pagination": {"total": 0, "skip": 0, "limit": 50}}


@api.post("/api/sos/{sos_id}/participants/join", status_code=status.HTTP_204_NO_CONTENT)
async def join(sos_id: str, body: dict):
    pass
