from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter(prefix="/api/sos")


@app.post("/api/messages/{sos_id}")
async def create(sos_id: str): ...


@app.get("/api/messages/message/{message_id}")
async def read(message_id: str): ...


@app.delete("/api/messages/message/{message_id}")
async def remove(message_id: str): ...


@router.post("/{sos_id}/participants/join")
async def join(sos_id: str): ...


@router.get("/{sos_id}/participants/active")
async def active(sos_id: str): ...
