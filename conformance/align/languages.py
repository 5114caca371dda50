"""How other languages than English say that a name is wrong or old, and who sends and who hears. Pure.

Guides mix languages: the names of events stay, and what is said of them is in the language of the team.
"""

from __future__ import annotations

import re

REFUTED = (
    # German, French, Spanish, Portuguese, Italian
    ("nicht ", r"\bnicht\s+(?:mehr\s+)?(?:verwende|benutze|nutze|sende)[nt]\b|\bnicht\s+mehr\b"),
    ("statt", r"\banstatt\b|\bstattdessen\b"),
    ("frühe", r"\bfrühere[rsnm]?\s+name"),
    ("pas ", r"\bne\s+(?:\w+\s+)?pas\s+(?:utiliser|émettre|envoyer|écouter)|\bn['’]\w+\s+pas\b"),
    ("plus ", r"\bn['’e]\s*\w+\s+plus\b"),
    ("obsol", r"\bobsol[eè]t[eoa]s?\b"),
    ("no ", r"\bno\s+(?:uses?|usar|emitas?|emitir|env[ií]es?|escuches?)\b"),
    ("ya no", r"\bya\s+no\b"),
    ("não ", r"\bnão\s+(?:use[mn]?|usar|emita|envie|escute)\b"),
    ("non ", r"\bnon\s+(?:usare|usate|emettere|inviare|ascoltare)\b|\bnon\b.{0,20}\bpiù\b"),
    # Vietnamese, Indonesian, Turkish, Polish
    ("dùng", r"\b(?:đừng|không)\s+(?:nên\s+|được\s+)?(?:sử\s+)?dùng\b"),
    ("không", r"\bkhông\s+còn\b"),
    ("lỗi thời", r"\blỗi\s+thời\b"),
    ("jangan", r"\bjangan\s+(?:pakai|gunakan|kirim)\b"),
    ("kullan", r"\bkullanmay[ıi]n\b|\bkullanılm[ıa]"),
    ("nie ", r"\bnie\s+(?:używaj|należy|wysyłaj)"),
    # Russian, Ukrainian, Hindi, Chinese, Japanese, Korean
    ("не ", r"\bне\s+(?:используйте|использовать|отправляйте|слушайте|використовуйте)"),
    ("устар", r"\bустар(?:ел|евш)"),
    *(
        (word, word)
        for word in (
            "застар", "प्रयोग न", "उपयोग न", "不要使用", "不要用", "请勿", "勿用", "废弃", "弃用", "不再使用",
            "不再支持", "已移除", "使わない", "使用しない", "使用禁止", "廃止", "非推奨", "사용하지", "더 이상",
        )
    ),
)  # fmt: skip
"""(a word that the sentence has, how it has to stand) as `stance.PHRASES` has them."""

WRONG = (
    r"galat|falsch|vorher|alt|mauvais|faux|avant|ancien|incorrecto|mal|antes|viejo|errado|sbagliato|prima|sai|trước|"
    r"неправильно|до|yanlış|önce|źle|错误|之前|誤|잘못"
)
RIGHT = (
    r"sahi|richtig|nachher|neu|bon|juste|après|nouveau|correcto|bien|después|ahora|nuevo|certo|correto|giusto|dopo|đúng|"
    r"sau|правильно|после|doğru|sonra|dobrze|正确|现在|正|올바른"
)
"""Labels, and heads of columns, of what is wrong or was before, and of what is right or is now."""

SENDS = (
    r"sendet|senden|schickt|émet|émettre|envoie|envoyer|envía|envia|enviar|emite|emitir|invia|emette|gửi|phát|mengirim|"
    r"kirim|gönderir|wysyła|отправляет|отправка|надсилає"
)
HEARS = (
    r"empfängt|empfangen|hört|lauscht|reçoit|recevoir|écoute|recibe|escucha|recebe|escuta|riceve|ascolta|nhận|lắng\s+nghe|"
    r"menerima|dinler|alır|odbiera|nasłuchuje|получает|слушает|отримує"
)
CLIENTS = r"clientes?|máy\s+khách|клиент|клієнт|klien|istemci"
SERVERS = r"serveur|servidor|máy\s+chủ|сервер|sunucu|serwer"
"""Words of one meaning; they stand between the ends of words."""

_SERVER = r"(?:服务器|服务端)"
CJK_TO_SERVER = re.compile(
    rf"客户端\s*(?:→|->|=>|到|向)\s*{_SERVER}|客户端(?:发送|发出|触发)"
    r"|クライアント\s*(?:→|->|から)\s*サーバ|クライアントが?送信"
)
CJK_TO_CLIENT = re.compile(
    rf"{_SERVER}\s*(?:→|->|=>|到|向)\s*客户端|{_SERVER}(?:发送|推送|广播|下发)|客户端(?:接收|监听)"
    r"|サーバー?\s*(?:→|->|から)\s*クライアント|クライアントが?受信"
)
"""Directions in languages that put no space between words."""
